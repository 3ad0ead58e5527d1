import { standIn } from '../../../base/sql/stand-in.ts';
import {
  type JinjaCall,
  type JinjaValue,
  type JinjaWorld,
  printed,
  readTokens,
  truthOf,
  unknown,
} from '../jinja/expression.ts';
import { inMarks } from '../jinja/names-in-jinja.ts';
import { tokensOf } from '../jinja/tokens.ts';
import { isBuiltIn } from './built-in-macros.ts';
import { closureDigest } from './macro-closure.ts';
import type { MacroText, MacroTexts } from './macro-texts.ts';
import type { Piece } from './template.ts';
import { codeText, digest } from './template-text.ts';

/** What a template is rendered with. `table` names what a `ref` or `source` reads; null where that cannot be told. */
export type RenderWorld = {
  texts: MacroTexts;
  /** Macros of the project's own name space are called with it or without. */
  project: string;
  variables: ReadonlyMap<string, JinjaValue>;
  ref(call: JinjaCall): string | null;
  source(call: JinjaCall): string | null;
  /** What else decides an expression that is not known: packages, variables, the environment. */
  surroundings(code: string): string;
};

/** `config` holds what `config()` is given, as text. `standIns`: how many there are in `sql` for what is not known. */
export type Rendered = { sql: string; config: ReadonlyMap<string, string>; standIns: number };

/** Thrown where a condition cannot be told: it is then rendered with each answer. */
export class NeedsChoice extends Error {
  readonly condition: string;
  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

/** Thrown where a template does what cannot be followed. */
export class NotRendered extends Error {}

type Local = { value: JinjaValue; source: string };
type Frame = { locals: Map<string, Local>; depth: number };
type Run = { world: RenderWorld; choices: ReadonlyMap<string, boolean>; config: Map<string, string>; steps: number };

/** Renders a model's template. `choices`: the answers to conditions that cannot be told. Throws the two errors above. */
export function render(pieces: readonly Piece[], world: RenderWorld, choices: ReadonlyMap<string, boolean>): Rendered {
  const run: Run = { world, choices, config: new Map(), steps: 0 };
  const sql = renderAll(pieces, run, { locals: new Map(), depth: 0 });
  return { sql, config: run.config, standIns: sql.split(standIn).length - 1 };
}

const mostSteps = 20_000;
const deepest = 20;

function renderAll(pieces: readonly Piece[], run: Run, frame: Frame): string {
  return pieces.map((piece) => renderPiece(piece, run, frame)).join('');
}

function renderPiece(piece: Piece, run: Run, frame: Frame): string {
  run.steps += 1;
  if (run.steps > mostSteps) throw new NotRendered();
  if (piece.is === 'text') return piece.text;
  if (piece.is === 'print') return print(piece.code, run, frame);
  if (piece.is === 'if') return renderIf(piece, run, frame);
  if (piece.is === 'for') return renderFor(piece, run, frame);
  if (piece.is === 'set' || piece.is === 'set-block') {
    frame.locals.set(piece.name, assigned(piece, run, frame));
    return '';
  }
  if (piece.is === 'block' && piece.kind === 'docs') return '';
  throw new NotRendered();
}

function assigned(piece: Extract<Piece, { is: 'set' | 'set-block' }>, run: Run, frame: Frame): Local {
  if (piece.is === 'set') return { value: evaluate(piece.code, run, frame), source: keyOf(piece.code, run, frame) };
  const text = renderAll(piece.body, run, frame);
  return { value: text.includes(standIn) ? unknown : text, source: digest(text) };
}

function print(code: string, run: Run, frame: Frame): string {
  const value = evaluate(code, run, frame);
  return printed(value) ?? `${standIn}${keyOf(code, run, frame)}`;
}

function renderIf(piece: Extract<Piece, { is: 'if' }>, run: Run, frame: Frame): string {
  for (const { test, body } of piece.arms) {
    if (test === null || holds(test, run, frame)) return renderAll(body, run, frame);
  }
  return '';
}

function holds(test: string, run: Run, frame: Frame): boolean {
  const truth = truthOf(evaluate(test, run, frame));
  if (truth !== null) return truth;
  const key = `${codeText(test)} ${keyOf(test, run, frame)}`;
  const chosen = run.choices.get(key);
  if (chosen === undefined) throw new NeedsChoice(key);
  return chosen;
}

function renderFor(piece: Extract<Piece, { is: 'for' }>, run: Run, frame: Frame): string {
  const found = /^([\w\s,()]+?)\s+in\s+([\s\S]+)$/.exec(piece.head);
  const over = found?.[2] ?? '';
  // A filter or a recursive loop.
  if (found === null || /\b(?:if|recursive)\b/.test(over)) throw new NotRendered();
  const values = evaluate(over, run, frame);
  const names = (found[1] ?? '').match(/\w+/g) ?? [];
  if (!Array.isArray(values)) throw new NotRendered();
  if (values.length === 0) return renderAll(piece.otherwise, run, frame);
  return values
    .map((value, at) => renderAll(piece.body, run, loopFrame({ frame, names, value, at, length: values.length })))
    .join('');
}

type Loop = { frame: Frame; names: readonly string[]; value: JinjaValue; at: number; length: number };

/** What is set inside a loop is not seen after it. */
function loopFrame({ frame, names, value, at, length }: Loop): Frame {
  const locals = new Map(frame.locals);
  const given = names.length === 1 ? [value] : Array.isArray(value) && value.length === names.length ? value : null;
  if (given === null) throw new NotRendered();
  names.forEach((name, place) => {
    const one = given[place] ?? null;
    locals.set(name, { value: one, source: valueText(one) });
  });
  const loop: [string, JinjaValue][] = [
    ['first', at === 0],
    ['last', at === length - 1],
    ['index', at + 1],
    ['index0', at],
    ['length', length],
  ];
  locals.set('loop', { value: { is: 'map', entries: new Map(loop) }, source: `${at}/${length}` });
  return { ...frame, locals };
}

/** A text for all that decides an expression which is not known. */
function keyOf(code: string, run: Run, frame: Frame): string {
  const tokens = tokensOf(code);
  const locals = [...frame.locals].filter(([name]) =>
    tokens.some((token) => token.kind === 'name' && token.text === name),
  );
  const said = locals.map(([name, { value, source }]) => `${name}=${hasUnknown(value) ? source : valueText(value)}`);
  return digest(
    [codeText(code), ...said, closureDigest(inMarks(code), run.world.texts), run.world.surroundings(code)].join('\n'),
  );
}

function evaluate(code: string, run: Run, frame: Frame): JinjaValue {
  const world: JinjaWorld = {
    name: (name) => (name === 'execute' ? true : name === 'this' ? 'headgate_this' : frame.locals.get(name)?.value),
    call: (call) => callValue(call, { run, frame, code }),
  };
  return readTokens(tokensOf(code), world);
}

type Calling = { run: Run; frame: Frame; code: string };

function callValue(call: JinjaCall, { run, frame, code }: Calling): JinjaValue {
  const { world } = run;
  const name = call.name.replace(/^(?:builtins|dbt)\.(?=ref$|source$)/, '');
  if (name === 'ref' || name === 'source') {
    if (world.texts.macros.has(name)) return unknown;
    return (name === 'ref' ? world.ref(call) : world.source(call)) ?? unknown;
  }
  if (name === 'config') return noteConfig(call, code, run, frame);
  if (name === 'var') return variable(call, run);
  // `list.append(...)`: what is done to a value of the template itself is not followed.
  if (name === '' || frame.locals.has(name.split('.')[0] ?? '') || name === 'return') throw new NotRendered();
  const own = name.startsWith(`${world.project}.`) ? name.slice(world.project.length + 1) : name;
  const macro = world.texts.macros.get(own);
  return macro === undefined || macro.kind !== 'macro' || isBuiltIn(own)
    ? unknown
    : inlined(macro, call, { run, frame, code });
}

function variable({ positional, named }: JinjaCall, { world }: Run): JinjaValue {
  const [name, fallback = named.get('default')] = positional;
  if (typeof name !== 'string') return unknown;
  const value = world.variables.get(name);
  return value !== undefined ? value : fallback !== undefined ? fallback : unknown;
}

/** What a macro of the project gives for arguments that are known; unknown where it cannot be followed. */
function inlined(macro: MacroText, call: JinjaCall, { run, frame }: Calling): JinjaValue {
  const given = [...call.positional, ...call.named.values()];
  const known = new Set(macro.parameters.map(({ name }) => name));
  const tooMany =
    call.positional.length > macro.parameters.length || [...call.named.keys()].some((name) => !known.has(name));
  if (given.some(hasUnknown) || tooMany || frame.depth >= deepest) return unknown;
  const locals = new Map<string, Local>();
  const inside: Frame = { locals, depth: frame.depth + 1 };
  macro.parameters.forEach(({ name, fallback }, at) => {
    // `none` is a value that is given.
    const own = at < call.positional.length ? call.positional[at] : call.named.get(name);
    const value = own !== undefined ? own : fallback === null ? unknown : evaluate(fallback, run, inside);
    locals.set(name, { value, source: valueText(value) });
  });
  try {
    const text = renderAll(macro.body, run, inside);
    return text.includes(standIn) ? unknown : text;
  } catch (error) {
    if (error instanceof NotRendered) return unknown;
    throw error;
  }
}

function noteConfig(call: JinjaCall, code: string, run: Run, frame: Frame): JinjaValue {
  const [first] = call.positional;
  const isMap = first !== null && typeof first === 'object' && !Array.isArray(first) && first.is === 'map';
  const entries = [...(isMap ? first.entries : []), ...call.named];
  if (call.positional.length > (isMap ? 1 : 0)) run.config.set('', keyOf(code, run, frame));
  for (const [key, value] of entries)
    run.config.set(key, hasUnknown(value) ? `? ${keyOf(code, run, frame)}` : valueText(value));
  return '';
}

/** Whether any of it is not known. */
export function hasUnknown(value: JinjaValue): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'string' && value.includes(standIn);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return value.is === 'map' ? [...value.entries.values()].some(hasUnknown) : true;
}

/** A value as a text that is equal for equal values only. */
export function valueText(value: JinjaValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`;
  if (value.is !== 'map') return '?';
  const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${valueText(item)}`).join(',')}}`;
}
