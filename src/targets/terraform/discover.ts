import type { Finding } from '../../model/finding.ts';
import { assetKey, partKey } from '../../model/identifiers.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { folderOf } from '../../model/proposals.ts';
import { valueNames } from '../../model/value-names.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { type HclBlock, hclBlocks, stringAttribute } from './hcl-blocks.ts';
import { resourceAssets } from './resource-assets.ts';

/** A stack and its resources: what the .tf files right in a folder declare. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const settings = TerraformPart.parse(input.part.settings);
  const folder = normalFolder(settings.path);
  const blocks: { path: string; block: HclBlock }[] = [];
  const findings: Finding[] = [];
  const paths = input.files.entries
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('.tf') && folderOf(path) === folder);
  for (const path of paths) {
    const read = hclBlocks(input.files.text(path) ?? '');
    blocks.push(...read.blocks.map((block) => ({ path, block })));
    if (read.unclosedAt !== null)
      findings.push(finding('terraform-syntax', path, read.unclosedAt, 'A block that begins here is never closed.'));
  }
  if (paths.length === 0) findings.push(finding('terraform-empty', folder, null, 'This stack has no .tf files.'));
  const { name } = input.part;
  const part = partKey('terraform', name);
  const resources = resourceAssets({ part, stack: name, blocks, variables: settings.variables ?? {} });
  return {
    assets: [
      {
        key: assetKey('terraform:stack', name),
        kind: 'terraform:stack',
        name,
        part,
        path: folder || '.',
        line: null,
        owner: null,
        serviceLevel: null,
        sensitivity: [],
        exactness: 'static',
        facts: { ...factsOf(blocks.map(({ block }) => block)), values: valueNames(input.part.settings) },
      },
      ...resources.assets,
    ],
    edges: resources.edges,
    findings,
  };
}

function factsOf(blocks: readonly HclBlock[]) {
  const labels = (kind: string) =>
    blocks
      .filter((block) => block.kind === kind)
      .map((block) => block.labels.join('.'))
      .sort();
  const settings = blocks.filter((block) => block.kind === 'terraform');
  return {
    resources: labels('resource'),
    data: labels('data'),
    modules: blocks
      .filter((block) => block.kind === 'module')
      .map((block) => ({ name: block.labels[0] ?? '', source: stringAttribute(block.body, 'source') })),
    providers: [...new Set(labels('provider'))],
    variables: labels('variable'),
    outputs: labels('output'),
    backend:
      settings
        .map((block) => /\bbackend\s+"(\w+)"/.exec(block.body)?.[1] ?? null)
        .find((backend) => backend !== null) ?? null,
  };
}

function finding(check: string, path: string, line: number | null, message: string): Finding {
  return {
    check,
    asset: null,
    path,
    line,
    status: 'failed',
    severity: 'error',
    message,
    hint: 'Run `terraform validate` in this folder.',
  };
}
