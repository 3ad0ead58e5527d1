import { readYaml } from '../../base/yaml/yaml-document.ts';
import { judgeValues } from '../../delivery/checks/values/judge-values.ts';
import { readEnvironments } from '../../delivery/project/parse-environment.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import { skipped } from '../../model/check-finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { ProjectCheck } from './project-check.ts';

/** Files in which a value's name means that the value is used. */
const CODE = /\.(?:py|sql|ya?ml|json|toml|tf|tfvars|hcl|sh|cfg|ini|scala|java|jinja2?|j2|R|env)$/;

export const environmentValues: ProjectCheck = {
  name: 'environment-values',
  title: 'Every environment gives each declared value and secret, with the right type',
  dependsOn: ['settings', 'values', 'project-files'],
  async run({ reading, environment }) {
    const { project, declared, files } = reading;
    if (!declared) {
      return [
        skipped('environment-values', 'There is no headgate.yaml that declares values.', {
          hint: 'Run `headgate init`.',
        }),
      ];
    }
    const yaml = readYaml(files.text(projectFileName) ?? '');
    if (yaml.problems.length > 0 || namesOfValues(yaml.value).length !== project.values.length) {
      return [
        skipped('environment-values', 'The values that headgate.yaml declares cannot be read, so none was judged.', {
          hint: 'Mend headgate.yaml first.',
        }),
      ];
    }
    const found = readEnvironments(files, environmentsFolder(yaml.value), false).environments;
    const names = new Set(project.environments.map(({ name }) => name));
    const environments = found.filter((one) =>
      environment === null ? names.has(one.environment.name) : one.environment.name === environment,
    );
    const configuration = new Set([projectFileName, ...found.map(({ place }) => place.file)]);
    return judgeValues({
      project,
      declaration: { file: projectFileName, yaml, at: [] },
      environments,
      isMentioned: mentions(files, configuration),
    });
  },
};

/** The names under `values:` as they are written, readable or not. */
function namesOfValues(yaml: unknown): string[] {
  const values = yaml !== null && typeof yaml === 'object' && 'values' in yaml ? yaml.values : null;
  return values !== null && typeof values === 'object' ? Object.keys(values) : [];
}

function environmentsFolder(yaml: unknown): string {
  const folder = yaml !== null && typeof yaml === 'object' && 'environments' in yaml ? yaml.environments : null;
  return typeof folder === 'string' ? folder : 'environments';
}

/** Whether a word stands in any file of code but the configuration itself. The text is read when first asked. */
function mentions(files: ProjectFiles, configuration: ReadonlySet<string>): (word: string) => boolean {
  let words: Set<string> | null = null;
  return (word) => {
    words ??= new Set(
      files.entries
        .filter(({ path }) => CODE.test(path) && !configuration.has(path))
        .flatMap(({ path }) => files.text(path)?.match(/[A-Za-z_]\w*/g) ?? []),
    );
    return words.has(word);
  };
}
