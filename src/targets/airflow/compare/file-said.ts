import type { Program } from '../../../base/python-meaning/compare-programs.ts';
import type { Asset } from '../../../model/asset.ts';
import { codeSaid } from '../../code-changes/code-words.ts';
import { filesSaid, textsRead } from '../../code-changes/file-inputs.ts';
import type { Comparison, FilePair, FileSaid } from './comparison.ts';
import { namedScripts, scriptsSaid } from './named-scripts.ts';
import { type Apart, neighboursOf, neighboursSaid } from './neighbours.ts';
import { settingsSaid } from './setting-changes.ts';

const nothing: FileSaid = { code: [], rest: [], touched: false };

/** What the code behind a file says, with all that this code reads; worked out once for all DAGs that the file makes together. */
export function fileSaid(comparison: Comparison, was: Asset, is: Asset): FileSaid {
  const file = { base: was.path ?? '', head: is.path ?? '' };
  const { code, files, settings } = comparison;
  const quiet = code.changed.size + files.length + settings.length === 0;
  const apart = quiet ? null : neighboursOf(comparison, was, is);
  const key = `${file.base}\n${file.head}\n${apart === null ? '' : is.key}`;
  const said = comparison.byFile.get(key) ?? readFileSaid(comparison, file, apart);
  comparison.byFile.set(key, said);
  return said;
}

function readFileSaid(comparison: Comparison, file: FilePair, apart: Apart | null): FileSaid {
  const { code, files, settings } = comparison;
  const differs = code.mayReach(file);
  const scripts = namedScripts(comparison, file);
  if (!differs && files.length + settings.length + scripts.length === 0) return nothing;
  const programs: [Program, Program] = [
    code.program('base', file.base, apart?.base),
    code.program('head', file.head, apart?.head),
  ];
  const differences = differs ? code.differences(...programs) : [];
  const sources =
    files.length + settings.length + scripts.length === 0 ? [] : programs.flatMap((program) => program.sources());
  return {
    code: codeSaid(differences).map((said, at) => ({ said, own: differences[at]?.module === '' })),
    rest: [
      ...(apart === null || !differs ? [] : neighboursSaid(comparison, file, apart)),
      ...scriptsSaid(comparison, scripts, sources),
      ...filesSaid(files, sources, comparison.mentions),
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
