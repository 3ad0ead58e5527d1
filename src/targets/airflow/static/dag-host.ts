import type { Call, Host, Machine } from '../../../base/python-source/machine-types.ts';
import {
  type Arguments,
  argument,
  asText,
  type ClassValue,
  type FunctionValue,
  none,
  outsideBases,
  text,
  truth,
  type Value,
} from '../../../base/python-source/values.ts';
import { createDag } from './create-dag.ts';
import { createTask, type TaskSite } from './create-task.ts';
import { linkAll, linkChain, linkCross } from './dependencies.ts';
import {
  asThing,
  type DagThing,
  type FactoryThing,
  type GroupThing,
  type Thing,
  tasksIn,
  thingValue,
} from './things.ts';

/** What was met while a file was read. `registered`: DAGs that Airflow would pick up without a name of their own. */
/** `handedOut`: lines where `globals()` is handed to code outside the project, which may put DAGs there. */
export type DagReading = { registered: Set<DagThing>; imported: Set<DagThing>; handedOut: number[] };

type State = DagReading & { dags: DagThing[]; groups: GroupThing[]; depth: number };

/** Gives meaning to Airflow's names: DAGs, operators, decorators, groups and dependencies. */
export function createDagHost(): { host: Host; start(): DagReading } {
  let state = emptyState();
  const host: Host = {
    call: (machine, made) => onCall(machine, state, made),
    attribute: (_, self, name) => onAttribute(self as Thing, name),
    binary: (_, operator, sides) => onBinary(operator, sides),
    enter(_, value) {
      const thing = asThing(value);
      if (thing?.thing === 'dag') state.dags.push(thing);
      if (thing?.thing === 'group') state.groups.push(thing);
      return null;
    },
    leave(_, value) {
      const thing = asThing(value);
      if (thing?.thing === 'dag') register(state, state.dags.pop());
      if (thing?.thing === 'group') state.groups.pop();
    },
    decorate: (machine, definition, decorators) => onDecorate(machine, definition, decorators),
    inModule(_, change) {
      state.depth += change;
    },
  };
  return {
    host,
    start() {
      state = emptyState();
      return state;
    },
  };
}

function emptyState(): State {
  return { registered: new Set(), imported: new Set(), handedOut: [], dags: [], groups: [], depth: 0 };
}

function register(state: State, dag: DagThing | undefined): void {
  if (dag !== undefined) (state.depth === 0 ? state.registered : state.imported).add(dag);
}

/** A call of something outside the project, or of a method of it, that is given the module's own names. */
function handsOutNames(callee: Value, given: Arguments): boolean {
  if (callee.is === 'name' && callee.path.startsWith('builtins.')) return false;
  return [...given.positional, ...given.named.values()].some(
    (value) => value.is === 'dict' && value.entries.has('t__name__'),
  );
}

/** The name by which a callee's meaning is known: its own, or for a project's class that of what it is derived from. */
function namesOf(callee: Value): string[] {
  if (callee.is === 'name') return [callee.path];
  if (callee.is === 'class') return [callee.name, ...outsideBases(callee)];
  return [];
}

function onCall(machine: Machine, state: State, made: Call): Value | null {
  const { callee, given } = made;
  if (callee.is === 'thing') return callThing(machine, state, { factory: asThing(callee), given });
  if (callee.is === 'method') {
    if (handsOutNames(callee, given)) state.handedOut.push(made.place.line);
    return callMethod(machine, state, made);
  }
  if (callee.is === 'function' && !given.named.has('task_id')) return null;
  const names = namesOf(callee);
  if (callee.is !== 'function' && callee.is !== 'class' && handsOutNames(callee, given))
    state.handedOut.push(made.place.line);
  const last = names.map((name) => name.slice(name.lastIndexOf('.') + 1));
  const ownName = last[0] ?? '';
  if (isFlow(names[0] ?? '')) return callFlow(ownName, given);
  if (last.some((name) => name === 'DAG') || (/Dag$|DAG$/.test(ownName) && given.named.has('dag_id')))
    return newDag(machine, state, made);
  if (last.some((name) => /TaskGroup$/.test(name))) return thingValue(newGroup(state, given, ownName, machine));
  if (callee.is === 'made') return decorateByCall(machine, callee, given);
  const decorator = decoratorKind(names[0] ?? '');
  if (decorator !== null && given.positional[0]?.is === 'function')
    return factoryOf(decorator, given.positional[0], { ...given, positional: [] });
  if (callee.is === 'function') return null;
  const isOperator = last.some(
    (name) =>
      /(Operator|Sensor|Transfer|OperatorAsync|SensorAsync)$/.test(name) || /(Operator|Sensor)\.partial$/.test(name),
  );
  const partial = ownName === 'partial' && /(Operator|Sensor)(Async)?\.partial$/.test(names[0] ?? '');
  if (!isOperator && !partial && (!given.named.has('task_id') || callee.is === 'class')) return null;
  if (decorator !== null || !(given.named.has('task_id') || isOperator || partial)) return null;
  const operator = partial ? ((names[0] ?? '').split('.').at(-2) ?? '') : ownName;
  return thingValue(
    createTask(machine, siteOf(state), { operator, names: partial ? [operator] : last, given, line: made.place.line }),
  );
}

function siteOf(state: State): TaskSite {
  return { dag: state.dags.at(-1) ?? null, group: state.groups.at(-1) ?? null };
}

function newDag(machine: Machine, state: State, made: Call): Value {
  const dag = createDag(machine, made.given, made.place);
  if (state.depth > 0) state.imported.add(dag);
  return thingValue(dag);
}

function newGroup(state: State, given: Arguments, name: string, machine: Machine): GroupThing {
  const id = asText(argument(given, 0, 'group_id') ?? text(name)).value;
  const parent = state.groups.at(-1) ?? null;
  const chosen = asThing(given.named.get('dag'));
  const dag = chosen?.thing === 'dag' ? chosen : (parent?.dag ?? state.dags.at(-1) ?? null);
  const prefix = given.named.get('prefix_group_id');
  const group: GroupThing = {
    thing: 'group',
    id,
    prefix: prefix === undefined || truth(prefix) !== false,
    dag,
    parent,
    members: [],
  };
  if (/^Dbt/.test(name)) {
    createTask(
      machine,
      { dag, group },
      {
        operator: name,
        names: [name],
        given: { ...given, named: new Map([...given.named, ['task_id', text('dbt')]]) },
        line: machine.line,
      },
    );
    if (dag !== null) dag.complete = false;
  }
  return group;
}

const flowNames = /(^|\.)(chain|chain_linear|cross_downstream)$/;

function isFlow(path: string): boolean {
  return path.startsWith('airflow') && flowNames.test(path);
}

function callFlow(name: string, given: Arguments): Value {
  if (name === 'cross_downstream') linkCross(given.positional[0], given.positional[1]);
  else linkChain(given.positional);
  return none;
}

function onBinary(operator: string, { left, right }: { left: Value; right: Value }): Value | null {
  if (operator !== '>>' && operator !== '<<') return null;
  const [from, to] = operator === '>>' ? [left, right] : [right, left];
  if (tasksIn(from, 'last').length === 0 && tasksIn(to, 'first').length === 0) return null;
  linkAll(from, to);
  return right;
}

function onAttribute(thing: Thing, name: string): Value | null {
  if (thing.thing === 'dag') return name === 'dag_id' ? text(thing.id, thing.partial) : null;
  if (thing.thing === 'task') {
    if (name === 'task_id') return text(thing.id, thing.id.includes('*'));
    if (name === 'output') return thingValue(thing);
    if (name === 'dag' && thing.dag !== null) return thingValue(thing.dag);
  }
  if (thing.thing === 'group' && name === 'group_id') return text(thing.id);
  return null;
}

type DecoratorKind = { thing: FactoryThing['thing']; operator: string };

/** `airflow.decorators.task.bash` and its like, by whatever way they were imported. */
function decoratorKind(path: string): DecoratorKind | null {
  const found = /^airflow\..*?\b(dag|task_group|task)(?:\.(\w+))?$/.exec(path);
  if (found === null || !/decorators|sdk/.test(path)) return null;
  if (found[1] === 'dag') return { thing: 'dag-factory', operator: '' };
  return found[1] === 'task_group'
    ? { thing: 'group-factory', operator: '' }
    : { thing: 'task-factory', operator: `@task${found[2] === undefined ? '' : `.${found[2]}`}` };
}

function onDecorate(_machine: Machine, definition: FunctionValue | ClassValue, decorators: Value[]): Value | null {
  if (definition.is !== 'function') return null;
  for (const decorator of decorators) {
    const path = decorator.is === 'name' || decorator.is === 'made' ? decorator.path : '';
    const kind = decoratorKind(path);
    const given: Arguments =
      decorator.is === 'made' ? decorator.arguments : { positional: [], named: new Map(), open: false };
    if (kind !== null) return factoryOf(kind, definition, given);
  }
  return null;
}

/** `dag(...)(function)`. */
function decorateByCall(_machine: Machine, callee: Value & { is: 'made' }, given: Arguments): Value | null {
  const kind = decoratorKind(callee.path);
  const definition = given.positional[0];
  return kind !== null && definition?.is === 'function' ? factoryOf(kind, definition, callee.arguments) : null;
}

function factoryOf(kind: DecoratorKind, definition: FunctionValue, given: Arguments): Value {
  return thingValue({ thing: kind.thing, operator: kind.operator, definition, given });
}

function callMethod(machine: Machine, state: State, made: Call): Value | null {
  const { callee, given } = made;
  if (callee.is !== 'method') return null;
  const thing = asThing(callee.self);
  if (thing === null) return null;
  if (thing.thing === 'task-factory' || thing.thing === 'dag-factory' || thing.thing === 'group-factory') {
    if (callee.name === 'override' || callee.name === 'partial') {
      const named = callee.name === 'override' ? new Map([...thing.given.named, ...given.named]) : thing.given.named;
      return thingValue({ ...thing, given: { ...thing.given, named } });
    }
    return callThing(machine, state, { factory: thing, given });
  }
  if (thing.thing === 'task' && /^(expand|expand_kwargs|partial)$/.test(callee.name)) {
    for (const value of [...given.positional, ...given.named.values()]) linkAll(value, callee.self);
  }
  if (callee.name === 'set_downstream') linkAll(callee.self, given.positional[0]);
  if (callee.name === 'set_upstream') linkAll(given.positional[0], callee.self);
  return thing.thing === 'dag' ? null : callee.self;
}

function callThing(machine: Machine, state: State, call: { factory: Thing | null; given: Arguments }): Value | null {
  const { factory, given } = call;
  if (factory?.thing === 'task-factory') return callTaskFactory(machine, state, factory, given);
  if (factory?.thing === 'dag-factory') return callDagFactory(machine, state, factory, given);
  if (factory?.thing === 'group-factory') return callGroupFactory(machine, state, factory, given);
  return null;
}

/** The callable of a task is not read: it runs when the task does. */
function callTaskFactory(machine: Machine, state: State, factory: FactoryThing, given: Arguments): Value {
  const name = factory.definition?.name ?? 'task';
  const named = new Map([...factory.given.named, ['task_id', factory.given.named.get('task_id') ?? text(name)]] as [
    string,
    Value,
  ][]);
  const task = createTask(machine, siteOf(state), {
    operator: factory.operator,
    names: [factory.operator],
    given: { positional: [], named, open: false },
    line: machine.line,
    repeatable: true,
    definition: factory.definition,
  });
  for (const value of [...given.positional, ...given.named.values()]) linkAll(value, thingValue(task));
  return thingValue(task);
}

function callDagFactory(machine: Machine, state: State, factory: FactoryThing, given: Arguments): Value {
  const { definition } = factory;
  const named = new Map(factory.given.named);
  const id = argument(factory.given, 0, 'dag_id') ?? text(definition?.name ?? '');
  const place = { file: definition?.scope.file ?? machine.file, line: definition?.node.line ?? machine.line };
  const dag = createDag(machine, { ...factory.given, named: named.set('dag_id', id) }, place);
  state.dags.push(dag);
  if (definition !== null) machine.callFunction(definition, given);
  state.dags.pop();
  register(state, dag);
  return thingValue(dag);
}

function callGroupFactory(machine: Machine, state: State, factory: FactoryThing, given: Arguments): Value {
  const { definition } = factory;
  const named = new Map(factory.given.named);
  named.set('group_id', argument(factory.given, 0, 'group_id') ?? text(definition?.name ?? ''));
  const group = newGroup(state, { ...factory.given, named }, '', machine);
  state.groups.push(group);
  const result = definition === null ? none : machine.callFunction(definition, given);
  state.groups.pop();
  for (const value of [...given.positional, ...given.named.values()]) linkAll(value, thingValue(group));
  return tasksIn(result, 'last').length > 0 && group.members.length === 0 ? result : thingValue(group);
}
