import { type CodeComparison, compareCode, type Program } from '../../base/python-meaning/compare-programs.ts';
import { folderOf } from '../../model/join-path.ts';
import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { codeSaid } from './code-words.ts';
import { type ChangedFile, changedFiles, filesSaid, mayLeadOn } from './file-inputs.ts';
import { mentionsIn } from './mentions.ts';
import { withoutComments } from './other-code.ts';
import type { Said } from './said.ts';

/** One revision of an application: its file and the folder that is packed with it. */
export type Application = { files: ProjectFiles; folder: string; main: string };

export type ProgramChanges = {
  said: Said[];
  /** Whether the text of something that it reaches differs. */
  touched: boolean;
  /** The written text of what each revision reaches, for a closer look; empty where the code means the same. */
  sources: { base: readonly string[]; head: readonly string[] };
};

/** Files that choose what an application in another language is built from. */
const builds =
  /(^|\/)(build\.sbt|pom\.xml|build\.gradle(\.kts)?|gradle\.properties|plugins\.sbt|build\.properties|requirements[\w.-]*\.txt|pyproject\.toml|setup\.(py|cfg))$/;
/** Languages whose comments are known here. */
const otherCode = /\.(scala|java|kt)$/;

/** What differs in the code of an application and in the files that it reads. */
export async function programChanges(
  base: Application,
  head: Application,
  changed?: ReadonlySet<string>,
): Promise<ProgramChanges> {
  const folders = [...new Set([base.folder, head.folder])];
  const files = changedFiles({ base: base.files, head: head.files, changed }, folders);
  if (!base.main.endsWith('.py') || !head.main.endsWith('.py')) return packedChanges(base, head, files);
  const code = await compareCode({
    base: { files: base.files, searchPath: searchPath(base) },
    head: { files: head.files, searchPath: searchPath(head) },
    changed,
    near: (path) => isInside(path, base.folder) || isInside(path, head.folder),
  });
  const mayDiffer = code.mayReach({ base: base.main, head: head.main });
  if (!mayDiffer && files.length === 0) return { said: [], touched: false, sources: { base: [], head: [] } };
  const programs: [Program, Program] = [code.program('base', base.main), code.program('head', head.main)];
  const said = mayDiffer ? codeSaid(code.differences(...programs)) : [];
  const sources = { base: programs[0].sources(), head: programs[1].sources() };
  const chosen = files.filter(({ path }) => builds.test(path));
  const read = files.filter(({ path }) => !builds.test(path));
  return {
    said: [
      ...said,
      ...buildSaid(chosen),
      ...filesSaid(read, [...sources.base, ...sources.head], mentionsIn([base.files, head.files], folders, mayLeadOn)),
    ],
    touched: mayDiffer && isTouched(code, programs, { base, head }),
    sources: said.length === 0 ? { base: [], head: [] } : sources,
  };
}

function searchPath({ folder }: Application): string[] {
  return [...new Set([folder, folderOf(folder), ''])];
}

function isTouched(
  code: CodeComparison,
  programs: readonly Program[],
  at: { base: Application; head: Application },
): boolean {
  return (
    at.base.main !== at.head.main ||
    programs.some(({ reach }) => [...reach.files.keys()].some((path) => code.changed.has(path)))
  );
}

function buildSaid(files: readonly Pick<ChangedFile, 'path'>[]): Said[] {
  return files.map(({ path }) => ({
    effect: 'unknown',
    because: `\`${path}\` differs, by which what it runs on is chosen`,
  }));
}

/** Of an application in another language all its files count, less their comments. */
function packedChanges(base: Application, head: Application, files: readonly ChangedFile[]): ProgramChanges {
  const said = files.flatMap(({ path, change }): Said[] => {
    if (builds.test(path)) return buildSaid([{ path }]);
    if (change === 'changed' && otherCode.test(path) && sameCode(base.files.text(path), head.files.text(path)))
      return [];
    return [{ effect: 'breaking', because: `\`${path}\` ${change === 'changed' ? 'changed' : `is ${change}`}` }];
  });
  return { said, touched: files.length > 0, sources: { base: [], head: [] } };
}

function sameCode(base: string | null, head: string | null): boolean {
  return base !== null && head !== null && withoutComments(base) === withoutComments(head);
}
