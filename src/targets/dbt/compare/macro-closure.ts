import { isNamedInJinja } from '../jinja/names-in-jinja.ts';
import type { MacroTexts } from './macro-texts.ts';
import { digest } from './template-text.ts';

/**
 * The names of the project's macros that a text may come to call: those that it names, those that dispatch may find under
 * these names, and so on through their own texts.
 */
export function macroClosure(text: string, { macros }: MacroTexts): string[] {
  const reached = new Set<string>();
  const todo = [text];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const words = new Set(at.match(/\w+/g) ?? []);
    const mayCallAny = isNamedInJinja(at, 'context') || callsByName.test(at);
    for (const [name, macro] of macros) {
      const plain = name.replace(/^[a-z]+__/, '');
      if (reached.has(name) || !(mayCallAny || words.has(name) || words.has(plain))) continue;
      reached.add(name);
      todo.push(wholeMacro(macro));
    }
  }
  return [...reached].sort();
}

/** `dispatch` to a name that is put together. */
const callsByName = /\bdispatch\s*\(\s*(?!(?:"\w+"|'\w+')\s*[,)])/;

/** All that a text and the macros that it may call say. */
export function closureText(text: string, texts: MacroTexts): string {
  return [text, ...macroClosure(text, texts).map((name) => textOf(name, texts))].join('\n');
}

function textOf(name: string, { macros }: MacroTexts): string {
  const macro = macros.get(name);
  return macro === undefined ? '' : wholeMacro(macro);
}

/** The head in marks of its own, for it is Jinja too. */
function wholeMacro({ head, text }: { head: string; text: string }): string {
  return `{% ${head} %} ${text}`;
}

/** A digest of all that the macros which a text may call say. */
export function closureDigest(text: string, texts: MacroTexts): string {
  const said = macroClosure(text, texts).map((name) => texts.macros.get(name)?.text ?? '');
  return digest([...said, ...texts.unread.values()].join('\n'));
}
