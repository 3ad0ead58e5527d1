import { blocks, type Finding } from '../../../model/finding.ts';

/** True for what is wrong or could not be told: all that a person may have to look at. */
export function isTold({ status }: Finding): boolean {
  return status === 'failed' || status === 'errored' || status === 'flaky';
}

/** How much attention a finding asks for, in the three levels that every report format has. */
export function levelOf(finding: Finding): 'error' | 'warning' | 'note' {
  if (blocks(finding)) return 'error';
  return finding.severity === 'note' ? 'note' : 'warning';
}

/** Where a finding is told when it has no file of its own. */
const wholeProject = 'headgate.yaml';

/** The file of a finding from the root of the repository; `root` is the project's folder in it, '' or with a slash at its end. */
export function fileOf(finding: Finding, root: string): string {
  return `${root}${finding.path ?? wholeProject}`;
}

/** The finding's message and how to mend it, on lines of their own. */
export function wordsOf({ message, hint }: Finding): string {
  return hint === null ? message : `${message}\nHow to mend: ${hint}`;
}
