import { isDeepStrictEqual } from 'node:util';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { isNamedInJinja } from '../jinja/names-in-jinja.ts';
import { versionsOf } from '../static/versions.ts';
import { closureText, macroClosure } from './macro-closure.ts';
import { changedEverywhere, type Side } from './side.ts';

/** What may reach a resource between two revisions, told quickly: false only where nothing can have. */
export type Touch = {
  text(base: string | null, head: string | null): boolean;
  /** Macros, variables, packages, versions and whatever else a template's text leads to. */
  through(text: string): boolean;
  /** What is decided in another way for every model. */
  everywhere: string | null;
};

/** `changed`: the paths whose contents differ, where they are known; else contents that cannot be read may. */
export function isMaybeTouched(base: Side, head: Side, changed: ReadonlySet<string> | undefined): Touch {
  const differs = (files: [ProjectFiles, ProjectFiles], before: string | null, after: string | null) => {
    if (before !== after || before === null || after === null) return true;
    if (changed !== undefined) return changed.has(after);
    const text = files[0].text(before);
    return text === null || text !== files[1].text(after);
  };
  const files: [ProjectFiles, ProjectFiles] = [base.revision.files, head.revision.files];
  const isOuterSame = ['var x()', 'x()'].every(
    (code) => base.world.surroundings(code) === head.world.surroundings(code),
  );
  const isTreeSame = isDeepStrictEqual(base.said, head.said);
  const macros = new Set(changedMacros(base, head));
  const isUnreadSame = isDeepStrictEqual([...base.texts.unread], [...head.texts.unread]);
  const latest = movedVersions(base, head);
  const readsGraph = (text: string) => isNamedInJinja(text, 'graph');
  const macroReadsGraph = [base, head].some(({ texts }) =>
    [...texts.macros.values()].some(({ text }) => readsGraph(text)),
  );
  return {
    text: (before, after) => differs(files, before, after),
    everywhere: changedEverywhere(base, head),
    through(text) {
      if (!isOuterSame || !isTreeSame || !isUnreadSame) return true;
      if (readsGraph(text) || (macroReadsGraph && readsGraph(closureText(text, head.texts)))) return true;
      if (latest.some((name) => text.includes(name))) return true;
      return (
        macros.size > 0 &&
        [...macroClosure(text, base.texts), ...macroClosure(text, head.texts)].some((name) => macros.has(name))
      );
    },
  };
}

/** Macros that say something else, are new or gone. */
export function changedMacros(base: Side, head: Side): string[] {
  const names = new Set([...base.texts.macros.keys(), ...head.texts.macros.keys()]);
  return [...names].filter((name) => base.texts.macros.get(name)?.text !== head.texts.macros.get(name)?.text);
}

/** Models of which another version is the latest, or which have versions now and had none. */
function movedVersions(base: Side, head: Side): string[] {
  const [before, after] = [base, head].map(
    ({ found }) =>
      new Map(
        [...versionsOf(found.entries).values()]
          .filter((one) => one.isLatest)
          .map(({ entry, version }) => [entry.name, version]),
      ),
  );
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...names].filter((name) => before?.get(name) !== after?.get(name));
}
