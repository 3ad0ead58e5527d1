import type { TypeProblem } from '../../base/python/run-mypy.ts';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

const CHECK = 'python-types';
/** Code that ends with an error when it is run. */
const CERTAIN = ['syntax', 'name-defined', 'call-arg', 'used-before-def'];
/** About packages and their stubs that are not here. */
const NOT_HERE = ['import-not-found', 'import-untyped', 'import'];
const MOST = 200;

/** What mypy says, without what is only said because packages are not installed here: that is one note. */
export function judgeTypes(problems: readonly TypeProblem[]): Finding[] {
  const found = problems.filter(({ severity, code }) => severity === 'error' && !NOT_HERE.includes(code ?? ''));
  const missing = problems.filter(({ code }) => NOT_HERE.includes(code ?? ''));
  return [
    ...found.slice(0, MOST).map(
      ({ file, line, message, code }): Finding => ({
        ...{ check: CHECK, asset: null, path: file, line: Math.max(1, line), status: 'failed' },
        severity: CERTAIN.includes(code ?? '') ? 'error' : 'warning',
        message: `${message.replace(/\.$/, '')}${code === null ? '' : ` (${code})`}.`,
        hint: 'Correct it, or say why it is right: `# type: ignore[code]`.',
      }),
    ),
    ...untyped(missing),
  ];
}

function untyped(missing: readonly TypeProblem[]): Finding[] {
  const names = [...new Set(missing.flatMap(({ message }) => /"([\w.]+)"/.exec(message)?.[1] ?? []))].sort();
  if (names.length === 0) return [];
  const message = `The types of ${names.slice(0, 4).join(', ')}${names.length > 4 ? ' ...' : ''} are not known here, so what uses them was not looked at.`;
  return [skipped(CHECK, message)];
}

const PLACES: { [name: string]: RegExp } = {
  'mypy.ini': /^/,
  '.mypy.ini': /^/,
  'pyproject.toml': /^\s*\[tool\.mypy\]/m,
  'setup.cfg': /^\s*\[mypy\]/m,
};

/** The settings of mypy for a folder: the nearest file in or above it that speaks to mypy, as mypy itself would take it there. */
export function mypySettings(files: ProjectFiles, folder: string): string | null {
  for (let steps = folder === '' ? [] : folder.split('/'); ; steps = steps.slice(0, -1)) {
    for (const [name, pattern] of Object.entries(PLACES)) {
      const path = [...steps, name].join('/');
      const text = files.text(path);
      if (text !== null && pattern.test(text)) return path;
    }
    if (steps.length === 0) return null;
  }
}
