import type { SqlDialect } from '../../../base/sql/sql-dialect.ts';
import { isInside } from '../../../model/path-schema.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { DbtProject } from '../static/dbt-project.ts';
import { inside } from '../static/dbt-project.ts';
import { type Piece, parseTemplate } from './template.ts';
import { codeText, piecesText } from './template-text.ts';

/**
 * A macro of the project: its name as calls give it, its parameters with defaults as written, its body, and
 * `text`: what it says without comments and layout.
 */
export type MacroText = {
  name: string;
  kind: string;
  head: string;
  parameters: { name: string; fallback: string | null }[];
  body: Piece[];
  file: string;
  text: string;
};

/** The macros of a project by name. Files that cannot be read as a template are in `unread`, with their text. */
export type MacroTexts = { macros: ReadonlyMap<string, MacroText>; unread: ReadonlyMap<string, string> };

export function macroTexts(files: ProjectFiles, project: DbtProject, dialects: readonly SqlDialect[]): MacroTexts {
  const folders = [...project.folders.macros, ...project.folders.tests.map((folder) => inside(folder, 'generic'))];
  const macros = new Map<string, MacroText>();
  const unread = new Map<string, string>();
  for (const { path } of files.entries) {
    if (!path.endsWith('.sql') || !folders.some((folder) => isInside(path, folder))) continue;
    const text = files.text(path);
    const pieces = text === null ? null : parseTemplate(text);
    if (pieces === null) unread.set(path, text ?? '');
    for (const piece of pieces ?? []) {
      const macro = piece.is === 'block' ? macroOf(piece, path, dialects) : null;
      if (macro !== null) macros.set(macro.name, macro);
    }
  }
  return { macros, unread };
}

function macroOf(
  piece: Extract<Piece, { is: 'block' }>,
  file: string,
  dialects: readonly SqlDialect[],
): MacroText | null {
  const found = /^(\w+)\s*(?:\(([\s\S]*)\))?/.exec(piece.head);
  if (found === null) return null;
  const prefix = { macro: '', test: 'test_', data_test: 'test_', materialization: 'materialization_' }[piece.kind];
  if (prefix === undefined) return null;
  const parameters = splitParameters(found[2] ?? '');
  return {
    name: `${prefix}${found[1]}`,
    kind: piece.kind,
    head: piece.head,
    parameters,
    body: piece.body,
    file,
    text: `${piece.kind} ${codeText(piece.head)} ${piecesText(piece.body, dialects)}`,
  };
}

function splitParameters(text: string): MacroText['parameters'] {
  const pieces: string[] = [''];
  let depth = 0;
  let quote = '';
  for (const letter of text) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0 && quote === '') pieces.push('');
    else pieces[pieces.length - 1] += letter;
  }
  return pieces.flatMap((piece) => {
    const found = /^\s*(\w+)\s*(?:=([\s\S]*))?$/.exec(piece);
    return found === null ? [] : [{ name: found[1] ?? '', fallback: found[2]?.trim() ?? null }];
  });
}
