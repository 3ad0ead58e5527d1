import type { Invocation } from './command.ts';

/** Whether JSON is to be printed: asked for, or by HEADGATE_JSON=1 where no person reads it. */
export function wantsJson(options: Invocation['options']): boolean {
  return options.json === true || (process.stdout.isTTY !== true && process.env.HEADGATE_JSON === '1');
}
