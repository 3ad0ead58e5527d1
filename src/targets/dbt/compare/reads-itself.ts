import { jinjaSegments } from '../jinja/segments.ts';
import { tokensOf } from '../jinja/tokens.ts';

/**
 * Whether the Jinja of a text may read the settings, words or place of the model that it stands in: by `model`, by asking `config` for
 * something, or by `context`, in which all names are.
 */
export function readsItself(text: string): boolean {
  return jinjaSegments(text).some(({ code }) => {
    const tokens = tokensOf(code);
    return tokens.some(({ kind, text: name }, at) => {
      const after = tokens[at + 1]?.text;
      if (kind !== 'name' || tokens[at - 1]?.text === '.') return false;
      if (name === 'config') return after === '.' || after === '[' || after === '|';
      return name === 'context' || (name === 'model' && after !== '=');
    });
  });
}
