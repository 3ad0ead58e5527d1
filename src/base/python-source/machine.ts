import { callFunction } from './calls.ts';
import { evaluate } from './expressions.ts';
import type { Host, Machine, ProjectSources } from './machine-types.ts';
import { importModule, newModule } from './modules.ts';
import { execute, runBlock } from './statements.ts';
import type { SyntaxNode } from './syntax.ts';
import { type Module, text } from './values.ts';

/** How much is read of one file: steps of evaluation, calls within calls, rounds of one loop. */
const limits = { steps: 250_000, depth: 40, rounds: 2_000 };

/**
 * Reads Python by walking its tree with what is known of each value. Nothing is run: no import leaves the project, no
 * file outside it is read. Where a condition cannot be told, both sides are read.
 */
export function createMachine(sources: ProjectSources, host: Host): Machine {
  const machine: Machine = {
    sources,
    host,
    limits,
    modules: new Map(),
    steps: 0,
    depth: 0,
    uncertain: 0,
    file: '',
    line: 1,
    trail: [],
    evaluate: (node, scope) => evaluate(machine, node, scope),
    execute: (node, scope) => execute(machine, node, scope),
    block: (node, scope) => runBlock(machine, node, scope),
    callFunction: (callee, given) => callFunction(machine, callee, given),
    importModule: (name) => importModule(machine, name),
    step,
  };

  function step(node: SyntaxNode): void {
    machine.steps += 1;
    if (machine.steps > limits.steps) throw new TooMuchToRead(machine.file, node.line);
  }
  return machine;
}

/** The limit of steps was reached at this line. What was found before stands. */
export class TooMuchToRead extends Error {
  readonly file: string;
  readonly line: number;
  constructor(file: string, line: number) {
    super('there is more in it than is read without Airflow');
    this.name = 'TooMuchToRead';
    this.file = file;
    this.line = line;
  }
}

/**
 * Reads one file from the top, with a step count of its own. The module's scope then holds what the file defines.
 * `name` is its `__name__`: `__main__` for a program, else that of the file.
 */
export function readModule(machine: Machine, file: string, tree: SyntaxNode, name?: string): Module {
  machine.steps = 0;
  machine.depth = 0;
  machine.uncertain = 0;
  machine.trail = [];
  const module = newModule(file, machine.sources.packageOf(file));
  machine.modules.set(file, module);
  if (name !== undefined) module.scope.names.set('__name__', text(name));
  machine.file = file;
  machine.block(tree, module.scope);
  return module;
}
