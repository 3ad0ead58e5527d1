import type { PythonTree, SyntaxNode } from './syntax.ts';
import type { Arguments, ClassValue, FunctionValue, Module, Place, Scope, Value } from './values.ts';

/** Where the machine finds the project's Python. Paths are relative to the project's root. */
export type ProjectSources = {
  /** The file of a module by its dotted name, as Python would find it in the part's search path; null when outside. */
  fileOf(module: string): string | null;
  /** The dotted package that a file's relative imports start from; empty at the top. */
  packageOf(file: string): string;
  tree(file: string): PythonTree | null;
  /** Text of a data file that the code reads. */
  text(file: string): string | null;
  /** Paths of the files right in or anywhere below a folder. */
  filesBelow(folder: string): string[];
};

/** What a call looks like to the host. */
export type Call = { callee: Value; given: Arguments; place: Place };

/** Whoever gives meaning to names of libraries. Each answer may be null: then the machine's own reading stands. */
export type Host = {
  call(machine: Machine, call: Call): Value | null;
  attribute(machine: Machine, self: object, name: string): Value | null;
  binary(machine: Machine, operator: string, sides: { left: Value; right: Value }): Value | null;
  enter(machine: Machine, value: Value): Value | null;
  leave(machine: Machine, value: Value): void;
  /** What a decorated function becomes. `decorators` are from the outermost in. */
  decorate(machine: Machine, definition: FunctionValue | ClassValue, decorators: Value[]): Value | null;
  /** Called when reading goes into another file of the project and comes back. */
  inModule(machine: Machine, change: 1 | -1): void;
};

/** How a block ended. */
export type Ending = { how: 'end' } | { how: 'return'; value: Value } | { how: 'break' | 'continue' | 'raise' };

export type Machine = {
  sources: ProjectSources;
  host: Host;
  limits: { steps: number; depth: number; rounds: number };
  modules: Map<string, Module>;
  steps: number;
  depth: number;
  /** Above 0 while a side is read that may not be taken. */
  uncertain: number;
  file: string;
  line: number;
  /** Where each call under way was made, the outermost first. */
  trail: Place[];
  evaluate(node: SyntaxNode | null, scope: Scope): Value;
  execute(node: SyntaxNode, scope: Scope): Ending;
  block(node: SyntaxNode | null, scope: Scope): Ending;
  callFunction(callee: FunctionValue, given: Arguments): Value;
  /** A project module by dotted name, read once; null when it is not in the project. */
  importModule(name: string): Module | null;
  step(node: SyntaxNode): void;
};
