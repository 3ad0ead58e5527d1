import { formatted } from './strings.ts';
import { type Arguments, asText, keyText, number, text, unknown, type Value } from './values.ts';

/** `'{}_{name}_{0[key]}'.format(...)`; what is not known becomes `*`. */
export function compileFormat(self: Value & { is: 'text' }, given: Arguments): Value {
  let next = 0;
  let partial = self.partial;
  const filled = self.value.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (all, inner: string | undefined) => {
    if (inner === undefined) return all.charAt(0);
    const [reference = '', spec = ''] = inner.split(':');
    const path = (reference.split('!')[0] ?? '').split(/[.[\]]/).filter((step) => step !== '');
    const head = /^[.[]/.test(reference) || path.length === 0 ? String(next++) : (path.shift() ?? '');
    const value = path.reduce(itemOf, /^\d+$/.test(head) ? given.positional[Number(head)] : given.named.get(head));
    const piece = spec === '' ? asText(value ?? unknown) : formatted(value ?? unknown, spec);
    partial ||= piece.partial;
    return piece.value;
  });
  return text(filled, partial);
}

function itemOf(value: Value | undefined, step: string): Value | undefined {
  if (value?.is === 'dict')
    return value.entries.get(keyText(/^\d+$/.test(step) ? number(Number(step)) : text(step)))?.value;
  if (value?.is === 'list') return value.items[Number(step)];
  return unknown;
}
