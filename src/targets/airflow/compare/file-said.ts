import type { Program } from '../../../base/python-meaning/compare-programs.ts';
import { codeSaid } from '../../code-changes/code-words.ts';
import { filesSaid, textsRead } from '../../code-changes/file-inputs.ts';
import type { Said } from '../../code-changes/said.ts';
import type { Comparison, FilePair, FileSaid } from './comparison.ts';
import { namedScripts, scriptsSaid } from './named-scripts.ts';
import { settingsSaid } from './setting-changes.ts';

const nothing: FileSaid = { code: [], rest: [], touched: false };

/** What the code behind a file says, with all that this code reads; worked out once for all DAGs that the file makes. */
export function fileSaid(comparison: Comparison, file: FilePair): FileSaid {
  const key = `${file.base}\n${file.head}`;
  const said = comparison.byFile.get(key) ?? readFileSaid(comparison, file);
  comparison.byFile.set(key, said);
  return said;
}

function readFileSaid(comparison: Comparison, file: FilePair): FileSaid {
  const { code, files, settings } = comparison;
  const differs = code.mayReach(file);
  const scripts = namedScripts(comparison, file);
  if (!differs && files.length + settings.length + scripts.length === 0) return nothing;
  const programs: [Program, Program] = [code.program('base', file.base), code.program('head', file.head)];
  const differences = differs ? code.differences(...programs) : [];
  const sources =
    files.length + settings.length + scripts.length === 0 ? [] : programs.flatMap((program) => program.sources());
  return {
    code: codeSaid(differences).map((said, at) => ({ said, own: differences[at]?.module === '' })),
    rest: [
      ...scriptsSaid(comparison, scripts, sources),
      ...filesSaid(files, sources),
      ...settingsSaid(settings, settings.length === 0 ? [] : [...sources, ...templatesOf(comparison, sources)]),
    ],
    touched: differs && isTouched(programs, code.changed, file),
  };
}

/** The texts of files that its code reads: settings are mentioned in them too. */
function templatesOf({ base, head, readable }: Comparison, sources: readonly string[]): string[] {
  return [...textsRead(base.files, readable, sources), ...textsRead(head.files, readable, sources)];
}

function isTouched(programs: readonly Program[], changed: ReadonlySet<string>, file: FilePair): boolean {
  if (file.base !== file.head) return true;
  return programs.some(({ reach }) => [...reach.files.keys()].some((path) => changed.has(path)));
}
