import { childEnv } from '../../base/child-env.ts';
import { runTool } from '../../base/run-tool.ts';
import { notTold } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { wholeOf } from '../../model/project-files.ts';
import { folderOf } from '../../model/proposals.ts';
import type { TargetCheck } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { formatTexts, isFormatted } from './format-texts.ts';
import { HOW_TO_INSTALL, terraformTool } from './terraform-tool.ts';
import { toolIdentity } from './tool-identity.ts';

export const format: TargetCheck = {
  name: 'terraform-format',
  title: 'The files of the stack can be read by Terraform and look as it writes them',
  dependsOn: ['part-files', 'settings'],
  variables: ['PATH', 'HEADGATE_TERRAFORM'],
  identity: toolIdentity,
  async run({ files, part, exact, control }) {
    const folder = normalFolder(TerraformPart.parse(part.settings).path);
    const program = terraformTool();
    if (exact === 'never') return [notTold('terraform-format', 'only the text was to be read')];
    if (program === null) return [notTold('terraform-format', 'there is no Terraform on this machine', HOW_TO_INSTALL)];
    const paths = files.entries
      .map(({ path }) => path)
      .filter((path) => isFormatted(path) && folderOf(path) === folder);
    const formatted = await formatTexts(program, wholeOf(files));
    const findings: Finding[] = [];
    for (const path of paths) {
      // Through its input, so that only the text that was read is judged.
      const text = files.text(path) ?? '';
      const out = formatted?.get(path);
      const ended = out === undefined ? await formatAlone(program, text, control?.signal) : { status: 0, out, err: '' };
      findings.push(...judgeFormat(path, text, ended));
    }
    return findings;
  },
};

function formatAlone(program: string, input: string, signal: AbortSignal | undefined) {
  const env = childEnv([], { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' });
  return runTool({ argv: [program, 'fmt', '-no-color', '-'], cwd: '/', env, input, signal });
}

/** `out` is the text as Terraform writes it. A file that Terraform cannot read is told with the line that it names. */
export function judgeFormat(
  path: string,
  text: string,
  ended: { status: number | null; out: string; err: string },
): Finding[] {
  const base = { check: 'terraform-format', asset: null, path } as const;
  if (ended.status === 0) {
    if (ended.out === text) return [];
    const line = firstDifference(text.split('\n'), ended.out.split('\n'));
    const message = 'This file does not look as `terraform fmt` writes it, from this line on.';
    return [{ ...base, line, status: 'failed', severity: 'note', message, hint: 'Run `terraform fmt`.' }];
  }
  const said = /Error: ([^\n]+)[\s\S]*? line (\d+)/.exec(ended.err);
  if (said === null) {
    const message = `Terraform could not look at this file: ${ended.err.trim().split('\n').at(-1) ?? ''}`;
    return [{ ...base, line: null, status: 'errored', severity: 'warning', message, hint: null }];
  }
  const message = `Terraform cannot read this file: ${said[1]}.`;
  return [
    { ...base, line: Number(said[2]), status: 'failed', severity: 'error', message, hint: 'Correct the syntax.' },
  ];
}

function firstDifference(own: readonly string[], wanted: readonly string[]): number {
  const index = own.findIndex((line, at) => line !== wanted[at]);
  return (index === -1 ? own.length - 1 : index) + 1;
}
