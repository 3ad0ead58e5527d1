import { columnMethod, functionColumn, windowMethod } from './column-values.ts';
import { frameMethod, groupedMethod } from './frame-methods.ts';
import type { GivenValues, Run } from './frame-run.ts';
import { libraryCall, readerMethod, sessionMethod, udfCall, writerMethod } from './frame-sources.ts';
import { type FrameValue, flat, holdsData, NotSimple, plain, textOf } from './frame-values.ts';

/** `callee(...)`. What is not of the project or of Spark may be given no data. */
export function callValue(run: Run, callee: FrameValue, given: GivenValues): FrameValue {
  if (callee.is === 'function') return run.callFunction(callee, given);
  if (callee.is === 'udf') return udfCall(given.positional);
  const path = callee.is === 'name' ? callee.path : '';
  const ofFunctions = /^pyspark\.sql\.functions\.(\w+)$/.exec(path)?.[1];
  if (ofFunctions !== undefined) return functionColumn(ofFunctions, [...given.positional, ...given.named.values()]);
  if (/^pyspark\b/.test(path)) {
    const made = libraryCall(path, given);
    if (made !== null) return made;
  }
  if (/(^|\.)parse_args$/.test(path)) return { is: 'options' };
  if (path === 'functools.reduce') return reduced(run, given.positional);
  if (/^builtins\.(isinstance|type|id|str|repr)$/.test(path)) return plain;
  return outside(given);
}

/** Code that is not read gets nothing of Spark, and no function that touches it. */
function outside(given: GivenValues): FrameValue {
  const all = [...given.positional, ...given.named.values()];
  if (all.some(holdsData)) throw new NotSimple('data are handed to code that is not read');
  if (flat(all).some((one) => one.is === 'function'))
    throw new NotSimple('a function is handed to code that is not read');
  return plain;
}

function reduced(run: Run, [fold, over, first]: readonly FrameValue[]): FrameValue {
  if (fold === undefined || over?.is !== 'list') throw new NotSimple('a list of data is not known');
  const [start, ...rest] = first === undefined ? over.items : [first, ...over.items];
  return rest.reduce((left, right) => {
    const union = fold.is === 'name' ? /\bDataFrame\.(union|unionAll|unionByName)$/.exec(fold.path)?.[1] : undefined;
    const given = { positional: [left, right], named: new Map<string, FrameValue>() };
    return union === undefined
      ? callValue(run, fold, given)
      : method(run, left, union, { ...given, positional: [right] });
  }, start ?? plain);
}

/** `self.<name>(...)`. */
export function method(run: Run, self: FrameValue, name: string, given: GivenValues): FrameValue {
  const { traffic } = run;
  const isMoved = self.is === 'list' && given.positional.some(holdsData);
  if (run.closed > 0 && (holdsData(self) || isMoved) && self.is !== 'column' && self.is !== 'session')
    throw new NotSimple('data are used where it is not known how often that is done');
  switch (self.is) {
    case 'frame':
      if (name === 'transform')
        return callValue(run, given.positional[0] ?? plain, {
          ...given,
          positional: [self, ...given.positional.slice(1)],
        });
      if (name === 'writeTo')
        return {
          is: 'writer',
          stream: false,
          frame: self,
          options: new Map([['writeto', given.positional[0] ?? plain]]),
        };
      if (/^create(OrReplace)?(Global)?TempView$|^registerTempTable$/.test(name)) {
        traffic.views.set(textOf(given.positional[0], 'the name of a view').toLowerCase(), self);
        return plain;
      }
      return frameMethod(self, name, { ...given, use: (sql) => traffic.uses.push(sql) });
    case 'grouped':
      return groupedMethod(self.frame, self.keys, name, { ...given, use: (sql) => traffic.uses.push(sql) });
    case 'filler':
      return frameMethod(self.frame, name === 'drop' ? 'dropna' : 'fillna', {
        ...given,
        use: (sql) => traffic.uses.push(sql),
      });
    case 'column':
      return columnMethod(self, name, [...given.positional, ...given.named.values()]);
    case 'window':
      return windowMethod(self.columns, name, given.positional);
    case 'reader':
      return readerMethod(traffic, self, name, given);
    case 'writer':
      return writerMethod(traffic, self, name, {
        ...given,
        call: (callee, positional) => callValue(run, callee, { positional, named: new Map() }),
      });
    case 'session':
      if (run.closed > 0) throw new NotSimple('data are used where it is not known how often that is done');
      return sessionMethod(traffic, name, given);
    case 'columns':
      return name === 'add'
        ? { is: 'columns', names: [...self.names, textOf(given.positional[0], 'a column')] }
        : plain;
    case 'list':
      return listMethod(self, name, given);
    case 'dict':
      if (name === 'items')
        return { is: 'list', items: self.entries.map((entry): FrameValue => ({ is: 'list', items: [...entry] })) };
      if (name === 'keys') return { is: 'list', items: self.entries.map(([key]) => key) };
      return name === 'values' ? { is: 'list', items: self.entries.map(([, item]) => item) } : refuse(self, given);
    case 'text':
      return textMethod(self.value, name, given);
    default:
      if (name === 'parse_args') return { is: 'options' };
      return refuse(self, given);
  }
}

function refuse(self: FrameValue, given: GivenValues): FrameValue {
  if (holdsData(self)) throw new NotSimple('data are used in a way that is not read');
  return outside(given);
}

function listMethod(self: FrameValue & { is: 'list' }, name: string, given: GivenValues): FrameValue {
  if (name === 'append' && given.positional[0] !== undefined) self.items.push(given.positional[0]);
  else if (name === 'extend' && given.positional[0]?.is === 'list') self.items.push(...given.positional[0].items);
  else return refuse(self, given);
  return { is: 'none' };
}

function textMethod(self: string, name: string, given: GivenValues): FrameValue {
  const plainTexts: { [name: string]: (text: string) => string } = {
    lower: (text) => text.toLowerCase(),
    upper: (text) => text.toUpperCase(),
    strip: (text) => text.trim(),
  };
  const change = plainTexts[name];
  if (change !== undefined && given.positional.length === 0) return { is: 'text', value: change(self) };
  const [list] = given.positional;
  if (name === 'join' && list?.is === 'list' && list.items.every((one) => one.is === 'text'))
    return { is: 'text', value: list.items.map((one) => (one.is === 'text' ? one.value : '')).join(self) };
  return outside(given);
}
