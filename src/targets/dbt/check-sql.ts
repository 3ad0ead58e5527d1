import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import { partKey } from '../../model/identifiers.ts';
import { joinPath } from '../../model/join-path.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { TargetCheck } from '../contract.ts';
import { lintFolder, lintWeight } from '../sql-lint/lint-folder.ts';
import { dialectOf } from '../sql-lint/sqlfluff-settings.ts';
import { DbtPart } from './config.ts';
import { dbtTexts, mapOf } from './dbt-project-texts.ts';

export const sqlLint: TargetCheck = {
  name: 'sql-lint',
  title: 'The SQL of the models has no likely mistakes and passes the repository’s sqlfluff rules',
  dependsOn: ['part-files', 'settings', 'runtime', 'base'],
  weight: lintWeight,
  budgetSeconds: 900,
  async run(input) {
    const part = DbtPart.parse(input.part.settings);
    const { folder, sql } = dbtTexts(input.files, part.path);
    const macros = macroFolders(input.files, folder);
    // Generic tests and snapshots are blocks that only dbt can read.
    const paths = sql.filter(
      (path) => !/\{%-?\s*(?:test|snapshot|macro|data_test)\s/.test(input.files.text(path) ?? ''),
    );
    const saidBy = [joinPath(folder, 'profiles.yml')];
    const told = { title: sqlLint.title, subject: partKey('dbt', input.part.name) };
    return lintFolder(input, { folder, paths, macros, dialect: dialectIn(input.files, folder, part), saidBy, told });
  },
};

function macroFolders(files: ProjectFiles, folder: string): string[] {
  const named = mapOf(readYamlDocuments(files.text(joinPath(folder, 'dbt_project.yml')) ?? '')[0]?.value)[
    'macro-paths'
  ];
  const list = Array.isArray(named) ? named.filter((path) => typeof path === 'string') : ['macros'];
  const places = list.map((path) => joinPath(folder, path));
  return places.filter((place) => files.entries.some(({ path }) => path.startsWith(`${place}/`)));
}

/** From the type of the profile that is read in the folder, without filling in its templates. */
function dialectIn(files: ProjectFiles, folder: string, part: DbtPart): string | null {
  const project = mapOf(readYamlDocuments(files.text(joinPath(folder, 'dbt_project.yml')) ?? '')[0]?.value);
  const profiles = mapOf(readYamlDocuments(files.text(joinPath(folder, 'profiles.yml')) ?? '')[0]?.value);
  const profile = mapOf(profiles[String(project.profile ?? project.name)]);
  const outputs = mapOf(profile.outputs);
  const chosen = mapOf(outputs[String(part['profile-target'] ?? profile.target)] ?? Object.values(outputs)[0]);
  return typeof chosen.type === 'string' ? dialectOf(chosen.type) : null;
}
