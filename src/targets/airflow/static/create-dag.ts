import type { Machine } from '../../../base/python-source/machine-types.ts';
import { type Arguments, argument, asText, type Place, unknown } from '../../../base/python-source/values.ts';
import type { DagThing } from './things.ts';

/** A DAG from the arguments of its constructor. Without a dag_id that can be read its id is `*`. */
export function createDag(machine: Machine, given: Arguments, place: Place): DagThing {
  const id = asText(argument(given, 0, 'dag_id') ?? unknown);
  return {
    thing: 'dag',
    id: id.value,
    partial: id.partial || given.named.get('dag_id')?.is === 'none',
    place: placeInFile(machine, place),
    given,
    defaultArgs: given.named.get('default_args') ?? unknown,
    tasks: [],
    complete: !given.open,
  };
}

/** Where the file being read comes to this place: its own line for a DAG that a factory in another file makes. */
function placeInFile(machine: Machine, place: Place): Place {
  const outermost = machine.trail[0];
  return outermost !== undefined && outermost.file !== place.file ? outermost : place;
}
