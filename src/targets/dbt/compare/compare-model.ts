import { isDeepStrictEqual } from 'node:util';
import { loadFormReader } from '../../../base/python-meaning/module-form.ts';
import { inMarks } from '../jinja/names-in-jinja.ts';
import { compareProperties, type PropertyChange } from './compare-properties.ts';
import { compareTemplates, type TemplateChange } from './compare-template.ts';
import { closureText } from './macro-closure.ts';
import { type Config, compareConfig, configOf, treeText } from './model-config.ts';
import type { Pair } from './pair.ts';
import { readsItself } from './reads-itself.ts';
import { type Piece, parseTemplate } from './template.ts';
import { codeOf } from './template-text.ts';
import type { Touch } from './touched.ts';
import { capital, worst } from './worst.ts';

/** What a change does to a model or a snapshot; null when nothing that it is made of differs. */
export async function compareModel(pair: Pair, touch: Touch): Promise<PropertyChange | null> {
  const { base, head } = pair;
  const [before, after] = [textOf(pair.base), textOf(pair.head)];
  const isOther = touch.text(base.resource.path, head.resource.path) && (before !== after || before === null);
  const isMoved = base.resource.path !== head.resource.path;
  const isSaid = !isDeepStrictEqual(base.resource.said, head.resource.said);
  const isThrough = touch.through(
    [before, after, JSON.stringify(head.resource.said), head.side.jinjaInSettings].join(' '),
  );
  if (!isOther && !isMoved && !isSaid && !isThrough && touch.everywhere === null) return null;
  const own = isOther || isThrough ? await compareOwn(pair, before, after) : null;
  const ways = own?.configs.length
    ? own.configs
    : [{ base: new Map<string, string>(), head: new Map<string, string>() }];
  const isOwn = isSaid || isMoved || treeText(base.side, base.resource) !== treeText(head.side, head.resource);
  const isOwnRead = isOwn && readsItself(closureText(inMarks(codeOf(after ?? '')), head.side.texts));
  const configs = ways.map(
    (way) => [configOf(base.side, base.resource, way.base), configOf(head.side, head.resource, way.head)] as const,
  );
  const [first] = configs;
  const enforced = { base: isEnforced(first?.[0]), head: isEnforced(first?.[1]) };
  const isNamed = isThrough && !isOther && own?.effect === 'none' && own.columns?.length === 0;
  const changes: (PropertyChange | null)[] = [
    isNamed && !isSaid && !isMoved
      ? { ...own, because: 'What it calls or reads has changed, and says the same for it.' }
      : own,
    ...configs.map(([was, is]) => configChange(was, is)),
    compareProperties(base.resource, head.resource, enforced),
    ...(first === undefined ? [] : [refusedColumns(own, pair, first[1])]),
    touch.everywhere === null
      ? null
      : {
          effect: 'unknown' as const,
          because: `${capital(touch.everywhere)} differs, which may change how it is built.`,
          columns: null,
        },
    isOwnRead
      ? {
          effect: 'unknown' as const,
          because: 'Its template reads what is said of it, which has changed.',
          columns: null,
        }
      : null,
    isMoved && !isOther ? { effect: 'none' as const, because: 'Its file has moved.', columns: [] } : null,
  ];
  return worst(changes);
}

function configChange(base: Config, head: Config): PropertyChange | null {
  const change = compareConfig(base, head);
  return change === null ? null : { ...change, columns: change.effect === 'none' ? [] : null };
}

function textOf({ side, resource }: Pair['base']): string | null {
  return resource.path === null ? null : side.revision.files.text(resource.path);
}

async function compareOwn(pair: Pair, before: string | null, after: string | null): Promise<TemplateChange | null> {
  const unread = { effect: 'unknown' as const, because: 'Its text cannot be read.', columns: null, configs: [] };
  if (before === null || after === null) return unread;
  const path = pair.head.resource.path ?? '';
  if (/\.ya?ml$/.test(path)) return null;
  if (path.endsWith('.py')) return { ...(await comparePython(before, after)), configs: [] };
  const pieces = (text: string) => piecesOf(text, pair);
  return compareTemplates(
    { pieces: pieces(before), text: before, side: pair.base.side },
    { pieces: pieces(after), text: after, side: pair.head.side },
  );
}

/** A snapshot is a block of its file. */
function piecesOf(text: string, { asset }: Pair): Piece[] | null {
  const all = parseTemplate(text);
  if (asset.kind !== 'dbt:snapshot' || all === null) return all;
  const own = all.flatMap((piece) =>
    piece.is === 'block' && piece.kind === 'snapshot' && piece.head === asset.name ? [piece] : [],
  );
  return own.length === 1 ? (own[0]?.body ?? null) : null;
}

async function comparePython(before: string, after: string): Promise<PropertyChange> {
  const read = await loadFormReader();
  const [base, head] = [read(before).statements, read(after).statements];
  const said = (statements: typeof base) => statements?.map((statement) => statement.code);
  if (base !== null && head !== null && before !== after && isDeepStrictEqual(said(base), said(head)))
    return { effect: 'none', because: 'Only comments or the layout of its code differ.', columns: [] };
  return before === after
    ? { effect: 'unknown', because: 'What its code reads has changed.', columns: null }
    : { effect: 'breaking', because: 'Its Python code differs.', columns: null };
}

function isEnforced(config: Config | undefined): boolean {
  return config?.get('contract')?.includes('"enforced":true') === true;
}

/** New columns that dbt will refuse to build. */
function refusedColumns(own: TemplateChange | null, { head }: Pair, config: Config): PropertyChange | null {
  const added = own?.columns?.filter((column) => column.change === 'added').map((column) => column.name) ?? [];
  const [first] = added;
  if (first === undefined) return null;
  const isIncremental = config.get('materialized') === '"incremental"';
  if (isIncremental && config.get('on_schema_change') === '"fail"')
    return {
      effect: 'breaking',
      because: `\`${first}\` is new, and \`on_schema_change\` lets the run fail then.`,
      columns: null,
    };
  if (config.get('check_cols') === '"all"')
    return {
      effect: 'breaking',
      because: `\`${first}\` is new, and as all columns are checked, every row becomes a new version with it.`,
      columns: null,
    };
  const said = JSON.stringify(head.resource.said.columns ?? []).toLowerCase();
  const missing = added.find((name) => !said.includes(`"name":${JSON.stringify(name)}`));
  if (!isEnforced(config) || missing === undefined) return null;
  return {
    effect: 'breaking',
    because: `\`${missing}\` is new, and its contract does not have it, so that dbt refuses to build it.`,
    columns: null,
  };
}
