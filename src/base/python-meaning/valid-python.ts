import { openRuff, type RuffLinter } from '../ruff.ts';

/** What Python refuses before it runs anything, beyond what its grammar refuses. */
const refused =
  'F404 F407 F621 F622 F701 F702 F704 F706 F707 PLE0100 PLE0101 PLE0115 PLE0116 PLE0117 PLE0118 PLE1142'.split(' ');

let linter: RuffLinter | null = null;
const most = 2_000;
const known = new Map<string, boolean>();

/** Whether Python would take the text in. Even code that nothing uses keeps a module from being loaded when it is not. */
export function isValidPython(text: string): boolean {
  const before = known.get(text);
  if (before !== undefined) return before;
  linter ??= openRuff({ select: refused, ignore: [], options: {} });
  const valid = linter.lint(text).length === 0;
  if (known.size >= most) known.delete(known.keys().next().value ?? '');
  known.set(text, valid);
  return valid;
}
