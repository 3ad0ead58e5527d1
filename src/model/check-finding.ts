import type { Finding, Severity } from './finding.ts';
import type { AssetKey } from './identifiers.ts';

type Place = { path?: string | null; line?: number | null; asset?: AssetKey | null };

/** A clear no. `severity` error stops a release. */
export function failed(
  check: string,
  said: Place & { message: string; hint: string | null; severity?: Severity },
): Finding {
  return {
    ...placeOf(said),
    check,
    status: 'failed',
    severity: said.severity ?? 'error',
    message: said.message,
    hint: said.hint,
  };
}

/** Could not tell. It stops a release unless `severity` says less. */
export function errored(
  check: string,
  said: Place & { message: string; hint: string | null; severity?: Severity },
): Finding {
  return { ...failed(check, said), status: 'errored' };
}

/** Does not apply here, or cannot be told here, with why. */
export function skipped(check: string, because: string, said: Place & { hint?: string | null } = {}): Finding {
  const hint = said.hint ?? null;
  return { ...placeOf(said), check, status: 'skipped', severity: 'note', message: because, hint };
}

/** Could be told, but not here. `hint`: what would make it possible. */
export function notTold(check: string, why: string, hint: string | null = null): Finding {
  return skipped(check, `Not told, because ${why}.`, { hint });
}

/** A tool that a check sets up by itself is not there. Where that was tried in vain, nobody should take it for what does not apply. */
export function withoutTool(check: string, { absent, failed: isTried }: { absent: string; failed: boolean }): Finding {
  if (!isTried) return notTold(check, absent);
  const hint = 'Run the check again where a package registry can be reached; it is set up once.';
  return errored(check, { severity: 'warning', message: `Not told, because ${absent}.`, hint });
}

/** The hint where a locked runtime is not on this machine. */
export const setUpOnce = 'Run `headgate catalog --exact always` once to set it up.';

/** `subject` is the part's key, or null for the whole project. */
export function passed(check: string, title: string, subject: string | null): Finding {
  const message = subject === null ? `${title}.` : `${title} (${subject}).`;
  return { check, asset: null, path: null, line: null, status: 'passed', severity: 'note', message, hint: null };
}

function placeOf(said: Place): Pick<Finding, 'asset' | 'path' | 'line'> {
  return { asset: said.asset ?? null, path: said.path ?? null, line: said.line ?? null };
}
