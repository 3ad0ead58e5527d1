import { readYaml } from '../../../base/yaml/yaml-document.ts';
import { failed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Suite } from './find-suites.ts';

const CHECK = 'great-expectations';

/** What expectations came to on the data; `success` null: Great Expectations could not evaluate it. */
export type SuiteResult = { path: string; index: number; success: boolean | null; said: string };

/** Each expectation that does not hold, with its line. Where the data was found by its name alone that is a warning. */
export function judgeSuites(
  suites: readonly Suite[],
  results: readonly SuiteResult[],
  text: (path: string) => string | null,
): Finding[] {
  const found = results.flatMap(({ path, index, success, said }) => {
    const suite = suites.find((one) => one.path === path);
    const expectation = suite?.expectations[index];
    if (success === true || suite?.data === null || suite === undefined || expectation === undefined) return [];
    const { column } = expectation.kwargs;
    const what = `\`${expectation.type}\`${typeof column === 'string' ? ` on \`${column}\`` : ''}`;
    const line = readYaml(text(path) ?? '').lineOf(['expectations', index]);
    const message =
      success === null
        ? `${what} could not be evaluated on ${suite.data.path}: ${said}`
        : `${what} does not hold on ${suite.data.path}: ${said}.`;
    const severity = suite.data.guessed || success === null ? 'warning' : 'error';
    return [failed(CHECK, { path, line, severity, message, hint: 'Correct the data, or what the suite expects.' })];
  });
  return [...found, ...withoutData(suites)];
}

function withoutData(suites: readonly Suite[]): Finding[] {
  return suites
    .filter(({ data }) => data === null)
    .map(({ path, name }) =>
      skipped(CHECK, `The suite \`${name}\` was not run, because no seed or source data here bears its name.`, {
        path,
        hint: 'Name a CSV file of the project as `headgate_data` in the `meta` of the suite.',
      }),
    );
}
