import { readOnce } from '../../../base/cache/text-shelf.ts';
import { type KeptYaml, keepYaml, readingOf, type YamlReading } from '../../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { listOf, objectOf, type ProjectProblem } from './dbt-project.ts';

/** One entry of a properties file: its kind (`models`, `sources`, ...), what it says, and where. */
export type Entry = {
  section: string;
  said: { [key: string]: unknown };
  name: string;
  file: string;
  line: number | null;
  lineOf: YamlReading['lineOf'];
  at: PropertyKey[];
};

const sections = [
  'models',
  'sources',
  'seeds',
  'snapshots',
  'exposures',
  'macros',
  'unit_tests',
  'semantic_models',
  'metrics',
];

/** Readings of properties files are kept under this. */
const propertiesKind = 'dbt-properties';

/** Reads the properties files in these folders. A broken one is a problem; the others are read. */
export function readProperties(
  files: ProjectFiles,
  paths: readonly string[],
): { entries: Entry[]; problems: ProjectProblem[] } {
  const entries: Entry[] = [];
  const problems: ProjectProblem[] = [];
  for (const file of paths) {
    const text = files.text(file);
    if (text === null) continue;
    const read = propertiesIn(
      file,
      readOnce(propertiesKind, text, () => keepYaml(text)),
    );
    for (const problem of read.problems) problems.push(problem);
    for (const entry of read.entries) entries.push(entry);
  }
  return { entries, problems };
}

type Properties = { file: string; entries: Entry[]; problems: ProjectProblem[] };
const known = new WeakMap<KeptYaml, Properties>();

/** The same objects again for a file that says the same. */
function propertiesIn(file: string, kept: KeptYaml): Properties {
  const before = known.get(kept);
  if (before?.file === file) return before;
  const yaml = readingOf(kept);
  const problems = yaml.problems.map((problem) => ({
    file,
    line: problem.line,
    message: `This is not valid YAML: ${problem.message}`,
  }));
  const entries: Entry[] = [];
  const root = objectOf(yaml.value);
  for (const section of sections) {
    listOf(root[section]).forEach((item, index) => {
      const said = objectOf(item);
      if (typeof said.name !== 'string' && typeof said.name !== 'number') return;
      const at = [section, index];
      entries.push({ section, said, name: String(said.name), file, line: yaml.lineOf(at), lineOf: yaml.lineOf, at });
    });
  }
  const read = { file, entries, problems };
  known.set(kept, read);
  return read;
}
