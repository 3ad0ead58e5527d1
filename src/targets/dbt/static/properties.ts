import { readOnce } from '../../../base/cache/text-shelf.ts';
import { keepYaml, readingOf, type YamlReading } from '../../../base/yaml/yaml-document.ts';
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
    const yaml = readingOf(readOnce(propertiesKind, text, () => keepYaml(text)));
    problems.push(
      ...yaml.problems.map((problem) => ({
        file,
        line: problem.line,
        message: `This is not valid YAML: ${problem.message}`,
      })),
    );
    const root = objectOf(yaml.value);
    for (const section of sections) {
      listOf(root[section]).forEach((item, index) => {
        const said = objectOf(item);
        if (typeof said.name !== 'string' && typeof said.name !== 'number') return;
        const at = [section, index];
        entries.push({ section, said, name: String(said.name), file, line: yaml.lineOf(at), lineOf: yaml.lineOf, at });
      });
    }
  }
  return { entries, problems };
}
