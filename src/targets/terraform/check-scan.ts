import { join } from 'node:path';
import { ensureTool } from '../../base/python/ensure-tool.ts';
import { runCheckov, type ScanProblem } from '../../base/python/run-checkov.ts';
import { withoutTool } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { TerraformPart } from './config.ts';

/** Rules of checkov that are about data laid open or somebody let in; it gives no severities of its own. */
const GRAVE =
  /^(?:CKV_AWS_(?:1|16|17|20|24|25|40|49|53|54|55|56|57|58|59|60|61|62|63|70|88|92|109|111|167|228|260|274|277|283|286|288|289|290|355|356)|CKV2_AWS_40|CKV_GCP_(?:2|3|6|11|15|28|29|60)|CKV_AZURE_(?:9|10|34|59|190))$/;

export const scan: TargetCheck = {
  name: 'terraform-scan',
  title: 'checkov finds nothing in the stack that lays data open',
  dependsOn: ['part-files', 'ignored-files', 'settings', 'runtime'],
  slow: true,
  weight: { cores: 1, memoryMb: 500 },
  async run(input) {
    const folder = normalFolder(TerraformPart.parse(input.part.settings).path);
    const checkov = await ensureTool('checkov', input.exact);
    if ('absent' in checkov) return [withoutTool('terraform-scan', checkov)];
    const said = await runCheckov({ checkov, folder: join(input.root, folder), signal: input.control?.signal });
    if ('failed' in said)
      return [finding({ status: 'errored', severity: 'warning', message: `checkov could not look: ${said.failed}` })];
    return judgeScan(folder, said);
  },
};

/** Grave ones are warnings; the rest is good advice, and a note. Own rules of `terraform-policy` stop a release. */
export function judgeScan(folder: string, problems: readonly ScanProblem[]): Finding[] {
  return problems.map(({ check_id: id, check_name: name, file_path, file_line_range: [line], resource }) =>
    finding({
      ...{ status: 'failed', path: joinPath(folder, file_path.replace(/^\//, '')), line: Math.max(1, line) },
      severity: GRAVE.test(id) ? 'warning' : 'note',
      message: `\`${resource}\` does not keep the rule: ${name.replace(/\.$/, '')} (${id}).`,
      hint: `Change it, or say why it is right: \`#checkov:skip=${id}: reason\` in the resource.`,
    }),
  );
}

function finding(said: Partial<Finding> & Pick<Finding, 'status' | 'message'>): Finding {
  return { check: 'terraform-scan', asset: null, path: null, line: null, severity: 'note', hint: null, ...said };
}
