import type { RuleName } from '../rules.ts';
import type { PairProblem } from '../verdict.ts';
import type { AvroLogical, AvroType } from './avro-schema.ts';

/** What one unit of the number means; types of one group and unit can be read as each other. */
const meanings: { [logical: string]: string } = {
  date: 'days',
  'time-millis': 'milliseconds of a day',
  'time-micros': 'microseconds of a day',
  'timestamp-millis': 'milliseconds since 1970',
  'timestamp-micros': 'microseconds since 1970',
  'timestamp-nanos': 'nanoseconds since 1970',
  'local-timestamp-millis': 'milliseconds since 1970, local time',
  'local-timestamp-micros': 'microseconds since 1970, local time',
  'local-timestamp-nanos': 'nanoseconds since 1970, local time',
};

const underlying: { [logical: string]: string } = {
  date: 'int',
  'time-millis': 'int',
  decimal: 'bytes fixed',
};

/** Problems that a reader does not notice: it reads another value. */
export const silentRules: readonly RuleName[] = [
  'avro-decimal-scale-changed',
  'avro-decimal-precision-narrowed',
  'avro-logical-type-changed',
];

/** A value that is read without an error, but as another one. Types that only one side calls logical are left to the reader. */
export function logicalProblems(reader: AvroType, writer: AvroType, path: string): PairProblem[] {
  const [to, from] = [logicalOf(reader), logicalOf(writer)];
  if (to === null || from === null) return [];
  if (to.name === 'decimal' && from.name === 'decimal') return decimalProblems(to, from, path);
  const [means, meant] = [meanings[to.name], meanings[from.name]];
  if (means === undefined || meant === undefined || means === meant) return [];
  const message = `${from.name} (${meant}) is read as ${to.name} (${means}).`;
  return [{ rule: 'avro-logical-type-changed', path, message }];
}

/** Null where the logical type stands on a type that it is not defined for: such ones are ignored. */
function logicalOf(type: AvroType): AvroLogical | null {
  if (!('logical' in type) || type.logical === null) return null;
  return (underlying[type.logical.name] ?? 'long').split(' ').includes(type.kind) ? type.logical : null;
}

function decimalProblems(to: AvroLogical, from: AvroLogical, path: string): PairProblem[] {
  const [reader, writer] = [decimalText(to), decimalText(from)];
  if (to.scale !== from.scale) {
    const message = `${writer} is read as ${reader}: every amount moves by ${Math.abs(to.scale - from.scale)} decimal places.`;
    return [{ rule: 'avro-decimal-scale-changed', path, message }];
  }
  if (to.precision >= from.precision) return [];
  const message = `${writer} may hold ${from.precision} digits, ${reader} only ${to.precision}.`;
  return [{ rule: 'avro-decimal-precision-narrowed', path, message }];
}

function decimalText({ precision, scale }: AvroLogical): string {
  return `decimal(${precision}, ${scale})`;
}
