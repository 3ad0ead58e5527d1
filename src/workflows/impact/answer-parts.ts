import { messageOf } from '../../base/errors.ts';
import type { ProjectPart } from '../../delivery/project/project.ts';
import type { AssetChange } from '../../model/change.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { isInside } from '../../model/path-schema.ts';
import type { PartRevision } from '../../targets/contract.ts';
import { targetById } from '../../targets/registry.ts';
import type { RevisionReading } from '../revision/read-revision.ts';
import { foldersOf } from './folders-of.ts';
import { type CataloguedProject, comparedIn, partRevision } from './part-revision.ts';

/** One revision with all that was found in it. */
export type CataloguedRevision = CataloguedProject & { reading: RevisionReading };

export type AnswerInput = {
  base: CataloguedRevision;
  head: CataloguedRevision;
  /** Paths whose content differs, those of submodules included. */
  changed: readonly string[];
};

export type Answers = { changes: AssetChange[]; findings: Finding[] };

/** Asks the target of each part that differs what that does to its assets. A target that fails leaves them `unknown`. */
export async function answerParts(input: AnswerInput): Promise<Answers> {
  const answers: Answers = { changes: [], findings: [] };
  const changed = new Set(input.changed);
  for (const { target, base, head } of pairs(input)) {
    const key = partKey(target, (head ?? base)?.part.name ?? '');
    const why = difference(input, { target, base, head });
    if (why === null) continue;
    const { compare } = targetById(target);
    if (compare === null || why.unreadable !== null) {
      const because =
        why.unreadable ?? `Files of \`${key}\` differ, and what that means cannot be told for this technology.`;
      answers.changes.push(...assetsOf(base, head).map((asset) => unknown(asset, because)));
      continue;
    }
    try {
      answers.changes.push(...(await compare({ base, head, changed })));
    } catch (error) {
      answers.changes.push(...assetsOf(base, head).map((asset) => unknown(asset, `\`${key}\` could not be compared.`)));
      answers.findings.push(notCompared(key, error));
    }
  }
  return answers;
}

type Pair = { target: string; base: PartRevision | null; head: PartRevision | null };

/** Parts by their keys; one that was only renamed meets its old self, by its settings. */
function pairs(input: AnswerInput): Pair[] {
  const [base, head] = [partsOf(input.base), partsOf(input.head)];
  const environments = comparedIn(input.base.reading.project, input.head.reading.project);
  const lone = [...base.keys()].filter((key) => !head.has(key));
  const before = (key: PartKey, part: ProjectPart): PartKey | null => {
    if (base.has(key)) return key;
    const settings = canonicalJson(part.part.settings);
    const same = lone.filter((other) => {
      const old = base.get(other);
      return old?.target === part.target && canonicalJson(old.part.settings) === settings;
    });
    return same.length === 1 ? (same[0] ?? null) : null;
  };
  const met = new Set<PartKey>();
  const found = [...head].map(([key, part]): Pair => {
    const old = before(key, part);
    if (old !== null) met.add(old);
    const oldPart = old === null ? undefined : base.get(old);
    return {
      target: part.target,
      base: oldPart === undefined ? null : partRevision(input.base, oldPart, environments),
      head: partRevision(input.head, part, environments),
    };
  });
  const gone = [...base].filter(([key]) => !met.has(key));
  return [
    ...found,
    ...gone.map(
      ([, part]): Pair => ({ target: part.target, base: partRevision(input.base, part, environments), head: null }),
    ),
  ];
}

function partsOf({ reading }: CataloguedRevision): Map<PartKey, ProjectPart> {
  return new Map(reading.project.parts.map((part) => [partKey(part.target, part.part.name), part]));
}

/** Null when nothing that the part depends on differs. `unreadable`: why its target need not be asked. */
function difference(input: AnswerInput, pair: Pair): { unreadable: string | null } | null {
  const { base, head } = pair;
  const failed = [input.base, input.head].flatMap(({ catalog }) =>
    catalog.findings.filter(
      (finding) =>
        finding.check === 'catalog-static' &&
        [base, head].some(
          (one) => one !== null && finding.message.startsWith(`\`${partKey(pair.target, one.part.name)}\` `),
        ),
    ),
  );
  if (failed[0] !== undefined) return { unreadable: failed[0].message };
  if (base === null || head === null) return { unreadable: null };
  const target = targetById(pair.target);
  const [before, after] = [foldersOf(target, base), foldersOf(target, head)];
  const folders = before === null || after === null ? null : [...before, ...after];
  const submodules = [...input.base.reading.submodules.keys(), ...input.head.reading.submodules.keys()];
  const touched = input.changed.filter(
    (path) => folders === null || folders.some((folder) => isInside(path, folder) || isInside(folder, path)),
  );
  const moved = touched.find((path) => submodules.includes(path));
  if (moved !== undefined)
    return { unreadable: `The submodule ${moved} is at another commit, which was not compared.` };
  const same = touched.length === 0 && isSame(base.part, head.part) && isSame(base.environments, head.environments);
  return same ? null : { unreadable: null };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

function assetsOf(base: PartRevision | null, head: PartRevision | null): AssetKey[] {
  const own = [base, head].flatMap((one) => one?.discovery.assets ?? []).filter((asset) => asset.part !== null);
  return [...new Set(own.map((asset) => asset.key))];
}

function unknown(key: AssetKey, because: string): AssetChange {
  return { key, effect: 'unknown', because, columns: null };
}

function notCompared(key: PartKey, error: unknown): Finding {
  return {
    check: 'impact-not-compared',
    asset: null,
    path: null,
    line: null,
    status: 'errored',
    severity: 'warning',
    message: `\`${key}\` could not be compared: ${messageOf(error)}`,
    hint: 'Its assets are told as unknown. The other parts were compared.',
  };
}
