import { HeadgateError } from '../errors.ts';
import { ensureRuntime } from './ensure-runtime.ts';
import { type Runtime, runtimePresent, type TOOL_NAMES } from './runtime.ts';

export type ToolAbsent = { absent: string; failed: boolean };

/**
 * The small runtime of one tool, made when it is first needed (seconds), or why it cannot be had here: no Python, no way to
 * a package registry. `exact` never: only what is there already. `failed`: it was tried, and did not come to its end.
 */
export async function ensureTool(
  name: (typeof TOOL_NAMES)[number],
  exact: 'auto' | 'never' = 'auto',
): Promise<Runtime | ToolAbsent> {
  const present = runtimePresent(name);
  if (present !== null) return present;
  if (exact === 'never') return { absent: 'only the text was to be read', failed: false };
  try {
    return await ensureRuntime(name);
  } catch (error) {
    if (error instanceof HeadgateError)
      return { absent: `${name} could not be set up: ${error.message}`, failed: true };
    throw error;
  }
}
