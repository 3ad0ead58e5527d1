import { resolve } from 'node:path';
import { fail } from '../../../base/errors.ts';
import type { Catalog } from '../../../delivery/catalog/catalog.ts';
import type { Asset } from '../../../model/asset.ts';
import type { Finding } from '../../../model/finding.ts';
import { buildCatalog, type CatalogOptions } from '../../../workflows/project/build-catalog.ts';
import { readProject } from '../../../workflows/project/read-project.ts';
import { type Command, listOption, option, repeatable, textOption } from '../../command.ts';

const exactChoices = ['auto', 'never', 'always'] as const;

/** `headgate catalog [folder]` */
export const catalog: Command = {
  words: ['catalog'],
  summary: 'List the assets of a project and the edges between them',
  arguments: ['[folder]'],
  options: [
    option('--environment <name>', 'read the code with the values of this environment'),
    option('--exact <when>', 'ask the real Airflow and dbt: auto (where set up), never, always', 'auto'),
    repeatable('--kind <kind>', 'list this kind only, for example dbt:model'),
  ],
  async run(invocation) {
    const { print, cwd } = invocation;
    const reading = await readProject(resolve(cwd, invocation.arguments[0] ?? '.'));
    print.progress(`Reading ${reading.files.entries.length} files of ${reading.project.name}`);
    const options: CatalogOptions = {
      exact: exactOption(textOption(invocation, 'exact')),
      environment: textOption(invocation, 'environment'),
    };
    const found = filtered(await buildCatalog(reading, options), listOption(invocation, 'kind'));
    print.result(found, () => [
      ...assetLines(found.assets),
      ...findingLines(found.findings),
      summary(found, reading.declared),
    ]);
    return 0;
  },
};

type Listed = Pick<Catalog, 'assets' | 'edges' | 'findings'>;

function exactOption(text: string | null): CatalogOptions['exact'] {
  const found = exactChoices.find((choice) => choice === (text ?? 'auto'));
  if (found === undefined)
    throw fail('option-not-allowed', { option: '--exact', value: text ?? '', allowed: exactChoices.join(', ') });
  return found;
}

/** Edges stay when either end is of a wanted kind. */
function filtered({ assets, edges, findings }: Catalog, kinds: readonly string[]): Listed {
  if (kinds.length === 0) return { assets, edges, findings };
  const kept = assets.filter((asset) => kinds.includes(asset.kind));
  const keys = new Set(kept.map((asset) => asset.key));
  return { assets: kept, edges: edges.filter((edge) => keys.has(edge.from) || keys.has(edge.to)), findings };
}

function assetLines(assets: readonly Asset[]): string[] {
  const kinds = [...new Set(assets.map((asset) => asset.kind))].sort();
  return kinds.flatMap((kind) => {
    const own = assets.filter((asset) => asset.kind === kind);
    const width = Math.min(60, Math.max(...own.map((asset) => asset.name.length)));
    return [
      `${kind} (${own.length})`,
      ...own.map((asset) =>
        `  ${asset.name.padEnd(width)}  ${(asset.owner ?? '-').padEnd(16)}  ${placeOf(asset)}`.trimEnd(),
      ),
      '',
    ];
  });
}

function placeOf({ path, line }: { path: string | null; line: number | null }): string {
  return path === null ? '' : line === null ? path : `${path}:${line}`;
}

function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.flatMap((finding) => [
    `  ${finding.severity.padEnd(7)} ${finding.check}  ${placeOf(finding)}`.trimEnd(),
    `          ${finding.message}`,
    ...(finding.hint === null ? [] : [`          ${finding.hint}`]),
  ]);
  return [`findings (${findings.length})`, ...lines, ''];
}

function summary({ assets, edges, findings }: Listed, declared: boolean): string {
  const counts = `${assets.length} assets, ${edges.length} edges, ${findings.length} findings.`;
  return declared ? counts : `${counts} There is no headgate.yaml yet; \`headgate init\` writes one.`;
}
