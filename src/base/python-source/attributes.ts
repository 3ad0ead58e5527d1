import { memberOf } from './calls.ts';
import type { Machine } from './machine-types.ts';
import { isPlain, text, unknown, type Value } from './values.ts';

/** `value.name`. */
export function attributeOf(machine: Machine, value: Value, name: string): Value {
  switch (value.is) {
    case 'name':
      return { is: 'name', path: `${value.path}.${name}` };
    case 'module':
      return value.module.scope.names.get(name) ?? submodule(machine, value.module.file, name);
    case 'instance':
      return value.attributes.get(name) ?? boundTo(value, memberOf(value.of, name));
    case 'class':
      return memberOf(value, name) ?? { is: 'method', self: value, name };
    case 'thing':
      return machine.host.attribute(machine, value.thing, name) ?? { is: 'method', self: value, name };
    case 'path':
      return pathAttribute(value.value, name) ?? { is: 'method', self: value, name };
    case 'function':
      return name === '__name__' ? text(value.name) : { is: 'method', self: value, name };
    default:
      // A member of an Enum is read as its value.
      return name === 'value' && isPlain(value) ? value : { is: 'method', self: value, name };
  }
}

function boundTo(self: Value, member: Value | undefined): Value {
  if (member === undefined) return unknown;
  return member.is === 'function' ? { ...member, self } : member;
}

function submodule(machine: Machine, file: string, name: string): Value {
  if (!file.endsWith('__init__.py')) return unknown;
  const inner = machine.importModule(`${machine.sources.packageOf(file)}.${name}`);
  return inner === null ? unknown : { is: 'module', module: inner };
}

function pathAttribute(path: string, name: string): Value | null {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'parent') return { is: 'path', value: path.slice(0, Math.max(0, path.lastIndexOf('/'))) };
  if (name === 'name') return text(last);
  if (name === 'path') return text(path);
  if (name === 'stem') return text(last.replace(/(.)\.[^.]*$/, '$1'));
  if (name === 'suffix') return text(/.(\.[^.]*)$/.exec(last)?.[1] ?? '');
  if (name === 'parents') return { is: 'list', items: parentsOf(path), open: false, tuple: true };
  return null;
}

function parentsOf(path: string): Value[] {
  const parents: Value[] = [];
  for (let at = path.lastIndexOf('/'); at >= 0; at = path.lastIndexOf('/', at - 1)) {
    parents.push({ is: 'path', value: path.slice(0, at) });
    if (at === 0) break;
  }
  return parents;
}
