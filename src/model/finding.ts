import type { AssetKey } from './identifiers.ts';

/** `failed` answered no; `errored` could not tell; `skipped` says why in its message. */
export type FindingStatus = 'passed' | 'failed' | 'errored' | 'skipped' | 'flaky';
export type Severity = 'error' | 'warning' | 'note';

/** What a check says about one place. `check` is its permanent name, for example `dag-imports`. */
export type Finding = {
  check: string;
  asset: AssetKey | null;
  path: string | null;
  line: number | null;
  status: FindingStatus;
  severity: Severity;
  message: string;
  hint: string | null;
};

/** True when the finding stops a release: a failed or errored check of severity `error`. */
export function blocks(finding: Finding): boolean {
  return finding.severity === 'error' && (finding.status === 'failed' || finding.status === 'errored');
}
