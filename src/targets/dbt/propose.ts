import type { JsonObject } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';
import { jinjaSegments } from './jinja/segments.ts';
import { inside, readDbtProject } from './static/dbt-project.ts';

/** One part for each dbt project, with the environment variables that its profiles.yml and dbt_project.yml read. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const folders = files.entries
    .map((entry) => entry.path)
    .filter((path) => /(^|\/)dbt_project\.ya?ml$/.test(path) && !isInTests(path))
    .map(folderOf);
  const installed = folders.map((folder) => inside(folder, installPath(files, folder)));
  const projects = [...new Set(folders)]
    .filter((folder) => !installed.some((path) => folder.startsWith(`${path}/`)))
    .map((folder) => ({
      folder,
      read: readDbtProject(files, folder, folder.slice(folder.lastIndexOf('/') + 1) || 'dbt'),
    }))
    .filter(({ read }) => read.problems.length === 0);
  const own = uniqueNames(
    projects.map(({ folder, read }) => `${folder}/${read.project.name}`),
    (path) => path,
  );
  return projects.map(({ folder, read }, index) => {
    const settings: JsonObject = { path: folder || '.' };
    const env = environmentOf(files, folder);
    if (Object.keys(env).length > 0) settings.env = env;
    return {
      name: own[index] ?? read.project.name,
      settings,
      because: `${read.project.file} is the dbt project ${read.project.name}`,
    };
  });
}

/** `integration_tests` of a package are a project that people run; fixtures of a tool are not. */
function isInTests(path: string): boolean {
  return (
    isSampleOrTest(
      folderOf(path)
        .replace(/(^|\/)integration_tests(?=\/|$)/g, '$1it')
        .concat('/dbt_project.yml'),
    ) || /(^|\/)(starter_project|dbt_packages|dbt_modules)\//.test(path)
  );
}

/** Where a project keeps its packages. */
function installPath(files: ProjectFiles, folder: string): string {
  const text = files.text(inside(folder, 'dbt_project.yml')) ?? '';
  return /^(?:packages-install-path|modules-path):\s*["']?([\w./-]+)/m.exec(text)?.[1] ?? 'dbt_packages';
}

const secretName = /PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|KEYFILE|_PWD$/i;

/** The `env` of a part: each variable without a default, from a value or secret of the same name in small letters. */
function environmentOf(files: ProjectFiles, folder: string): { [name: string]: string } {
  const texts = ['profiles.yml', 'dbt_project.yml', 'profiles/profiles.yml'].map(
    (name) => files.text(inside(folder, name)) ?? '',
  );
  const names = new Set(texts.flatMap(variablesRead));
  return Object.fromEntries(
    [...names]
      .sort()
      .map((name) => [name, `\${${secretName.test(name) ? 'secrets' : 'values'}.${name.toLowerCase()}}`]),
  );
}

function variablesRead(text: string): string[] {
  return jinjaSegments(text).flatMap(({ code }) =>
    [...code.matchAll(/\benv_var\(\s*["']([A-Za-z_]\w*)["']\s*\)/g)].map((found) => found[1] ?? ''),
  );
}
