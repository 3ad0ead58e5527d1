import { madeOf, windowMethod } from './column-values.ts';
import { queryFrame, rootFrame } from './frame-methods.ts';
import {
  type DataPlace,
  type Frame,
  type FrameValue,
  NotSimple,
  type Options,
  plain,
  sqlText,
  textOf,
} from './frame-values.ts';

/** Data that the program writes: the query that they are, and whether columns go by their place (their names then say nothing). */
export type Sink = { place: DataPlace; sql: string; byPlace: boolean };

/** What was read and written so far. `relations` are the names in queries that stand for places. */
export type Traffic = {
  sources: Map<string, DataPlace & { byPlace: boolean; names: readonly string[] | null }>;
  sinks: Sink[];
  views: Map<string, Frame>;
  uses: string[];
};

type Given = { positional: readonly FrameValue[]; named: ReadonlyMap<string, FrameValue> };

function source(traffic: Traffic, place: DataPlace, names: readonly string[] | null, byPlace = false): Frame {
  const relation = `hg_place_${traffic.sources.size}`;
  traffic.sources.set(relation, { ...place, byPlace, names });
  return rootFrame(relation, names);
}

function argumentOf({ positional, named }: Given, at: number, ...names: string[]): FrameValue | undefined {
  return names.map((name) => named.get(name)).find((value) => value !== undefined) ?? positional[at];
}

/** `spark.<name>(...)`. */
export function sessionMethod(traffic: Traffic, name: string, given: Given): FrameValue {
  const first = argumentOf(given, 0, 'sqlQuery', 'tableName', 'data');
  if (name === 'table') return tableFrame(traffic, textOf(first, 'the name of a table'));
  if (name === 'sql') {
    if (given.named.size > 0 || given.positional.length > 1) throw new NotSimple('an SQL text is filled in');
    return statement(traffic, sqlText(first, 'an SQL text'));
  }
  if (name === 'createDataFrame' || name === 'range' || name === 'emptyDataFrame') {
    if (first?.is === 'frame') return first;
    const schema = argumentOf(given, 1, 'schema');
    return source(traffic, { what: 'nowhere', name: '' }, schema === undefined ? null : schemaNames(schema));
  }
  if (['stop', 'getActiveSession', 'newSession', 'version', 'addArtifact'].includes(name)) return plain;
  throw new NotSimple(`the session is used by ${name}`);
}

function tableFrame(traffic: Traffic, name: string): Frame {
  const view = traffic.views.get(name.toLowerCase().replace(/^global_temp\./, ''));
  return view ?? source(traffic, { what: 'table', name }, null);
}

/** The names of `a string, b int`, of a StructType, or of a list of names. */
function schemaNames(schema: FrameValue): string[] | null {
  if (schema.is === 'columns') return schema.names;
  if (schema.is === 'list' && schema.items.every((one) => one.is === 'text'))
    return schema.items.map((one) => textOf(one, 'a column'));
  if (schema.is !== 'text') return null;
  let depth = 0;
  const fields: string[] = [''];
  for (const sign of schema.value) {
    depth += '(<'.includes(sign) ? 1 : ')>'.includes(sign) ? -1 : 0;
    if (sign === ',' && depth === 0) fields.push('');
    else fields.push((fields.pop() ?? '') + sign);
  }
  const names = fields.map((field) => /^\s*`?(\w+)`?[\s:]/.exec(field)?.[1] ?? null);
  return names.every((name) => name !== null) ? names : null;
}

/** Statements that move no data. */
const commands =
  /^\s*(?:use|set|reset|refresh|analyze|optimize|msck|vacuum|cache|uncache|describe|desc|show|explain|create\s+(?:database|schema|namespace))\b/i;
const insertion =
  /^\s*insert\s+(?:into|overwrite)\s+(?:table\s+)?([\w.`-]+)\s*(?:partition\s*\([^)]*\)\s*)?(?:\([\w\s,`]*\)\s*)?((?:select|with|from)\b[\s\S]*)$/i;
const creation =
  /^\s*create\s+(?:or\s+replace\s+)?((?:global\s+)?(?:temp|temporary)\s+)?(?:external\s+)?(table|view)\s+(?:if\s+not\s+exists\s+)?([\w.`-]+)\s*(?:(?:using|partitioned|clustered|location|tblproperties|comment|stored)\b(?:(?!\bas\b)[\s\S])*)?\bas\s+\(?((?:select|with|from)\b[\s\S]*)$/i;

/** `spark.sql(...)`: a query, or a statement that writes. */
function statement(traffic: Traffic, written: string): FrameValue {
  const sql = written.replace(/;\s*$/, '');
  if (/^\s*\(?\s*(?:select|with)\b/i.test(sql)) return queryFrame(withViews(traffic, sql));
  if (commands.test(sql) || (/^\s*(?:create|drop|truncate)\b/i.test(sql) && !/\bselect\b/i.test(sql))) return plain;
  const [, target, body] = insertion.exec(sql) ?? [];
  if (target !== undefined && body !== undefined) {
    const place: DataPlace = { what: 'table', name: target.replaceAll('`', '') };
    traffic.sinks.push({ place, sql: withViews(traffic, body), byPlace: true });
    return plain;
  }
  const [, temporary, , name, query] = creation.exec(sql) ?? [];
  if (name === undefined || query === undefined) throw new NotSimple('an SQL statement is not read');
  const made = withViews(traffic, query);
  if (temporary !== undefined) traffic.views.set(name.replaceAll('`', '').toLowerCase(), queryFrame(made));
  else traffic.sinks.push({ place: { what: 'table', name: name.replaceAll('`', '') }, sql: made, byPlace: false });
  return plain;
}

/** The query with the program's own views in it. */
function withViews(traffic: Traffic, sql: string): string {
  const used = [...traffic.views].filter(([name]) => new RegExp(`\\b${name}\\b`, 'i').test(sql));
  if (used.length === 0) return sql;
  const ctes = used.map(([name, frame]) => `\`${name}\` as (${frame.sql})`).join(', ');
  const body = sql.replaceAll(/\bglobal_temp\./gi, '');
  return /^\s*with\b/i.test(body) ? `with ${ctes}, ${body.replace(/^\s*with\b/i, '')}` : `with ${ctes} ${body}`;
}

const kafkaColumns = ['key', 'value', 'topic', 'partition', 'offset', 'timestamp', 'timestampType', 'headers'];
/** Files of these have columns by their place, or are no columns at all. */
const byPlaceFormats = ['csv', 'text', 'binaryfile', 'kafka', 'socket', 'rate'];

function withOption(options: Options, name: string, given: Given): Options {
  const more = new Map(options);
  if (name === 'options') for (const [key, value] of given.named) more.set(key.toLowerCase(), value);
  else if (name === 'option') {
    const value = argumentOf(given, 1, 'value');
    if (value !== undefined)
      more.set(textOf(given.positional[0] ?? given.named.get('key'), 'an option').toLowerCase(), value);
  } else {
    const value = given.positional[0] ?? [...given.named.values()][0];
    if (value !== undefined) more.set(name.toLowerCase(), value);
  }
  return more;
}

type Reader = FrameValue & { is: 'reader' };

/** `spark.read.<name>(...)`. */
export function readerMethod(traffic: Traffic, reader: Reader, name: string, given: Given): FrameValue {
  if (['format', 'option', 'options', 'schema'].includes(name))
    return { ...reader, options: withOption(reader.options, name, given) };
  if (name === 'table') return tableFrame(traffic, textOf(argumentOf(given, 0, 'tableName'), 'the name of a table'));
  if (name === 'jdbc')
    return source(traffic, { what: 'table', name: textOf(argumentOf(given, 1, 'table'), 'the name of a table') }, null);
  const format = name === 'load' ? formatOf(reader.options) : name.toLowerCase();
  if (!['load', 'parquet', 'csv', 'json', 'orc', 'text', 'delta'].includes(name))
    throw new NotSimple(`a reader is used by ${name}`);
  const schema = given.named.get('schema') ?? reader.options.get('schema');
  const names = format === 'kafka' ? kafkaColumns : schema === undefined ? null : schemaNames(schema);
  if (name === 'csv' && given.positional.length > 1) throw new NotSimple('a schema is given by its place');
  return source(
    traffic,
    placeOf(reader.options, argumentOf(given, 0, 'path', 'paths')),
    names,
    byPlaceFormats.includes(format),
  );
}

function formatOf(options: Options): string {
  const format = options.get('format');
  return format === undefined ? 'parquet' : textOf(format, 'a format').toLowerCase();
}

function placeOf(options: Options, path: FrameValue | undefined): DataPlace {
  const topic = options.get('subscribe') ?? options.get('topic');
  if (options.has('subscribepattern') || options.has('assign') || options.has('query'))
    throw new NotSimple('a source is a pattern');
  if (topic !== undefined) return { what: 'topic', name: textOf(topic, 'a topic') };
  const table = options.get('dbtable');
  if (table !== undefined) return { what: 'table', name: textOf(table, 'the name of a table') };
  return { what: 'path', name: textOf(path ?? options.get('path'), 'a path') };
}

type Writer = FrameValue & { is: 'writer' };
type CallBack = (callee: FrameValue, given: readonly FrameValue[]) => unknown;

/** `frame.write.<name>(...)`, `frame.writeStream...` and `frame.writeTo(...)...`. */
export function writerMethod(
  traffic: Traffic,
  writer: Writer,
  name: string,
  given: Given & { call: CallBack },
): FrameValue {
  const { frame, options, stream } = writer;
  const first = argumentOf(given, 0, 'name', 'tableName', 'path');
  const sink = (place: DataPlace, byPlace = false): FrameValue => {
    traffic.sinks.push({ place, sql: frame.sql, byPlace });
    return plain;
  };
  if (name === 'saveAsTable' || name === 'toTable')
    return sink({ what: 'table', name: textOf(first, 'the name of a table') });
  if (name === 'insertInto') return sink({ what: 'table', name: textOf(first, 'the name of a table') }, true);
  if (name === 'jdbc')
    return sink({ what: 'table', name: textOf(argumentOf(given, 1, 'table'), 'the name of a table') });
  if (['parquet', 'csv', 'json', 'orc', 'text', 'delta'].includes(name)) return sink(placeOf(new Map(), first));
  if (['append', 'overwritePartitions', 'createOrReplace', 'create', 'replace', 'overwrite'].includes(name))
    return sink({ what: 'table', name: textOf(options.get('writeto'), 'the name of a table') });
  if (name === 'foreachBatch') {
    given.call(first ?? plain, [frame, plain]);
    return { ...writer, options: new Map([...options, ['foreachbatch', plain]]) };
  }
  if (name === 'foreach') throw new NotSimple('rows are handed to a function');
  if (name === 'save' || name === 'start') {
    const isSink =
      !options.has('foreachbatch') && !(stream && ['console', 'memory', 'noop'].includes(formatOf(options)));
    return isSink && formatOf(options) !== 'noop' ? sink(placeOf(options, first)) : plain;
  }
  return { ...writer, options: withOption(options, name, given) };
}

/** What imports from pyspark give when they are called, but its functions. */
export function libraryCall(path: string, given: Given): FrameValue | null {
  const last = path.slice(path.lastIndexOf('.') + 1);
  if (/\bSparkSession\b/.test(path))
    return last === 'getOrCreate' || last === 'getActiveSession' ? { is: 'session' } : { is: 'name', path };
  const window = /\bWindow\.(\w+)$/.exec(path)?.[1];
  if (window !== undefined) return windowMethod([], window, given.positional);
  if (last === 'StructField')
    return { is: 'columns', names: [textOf(given.positional[0] ?? given.named.get('name'), 'a column')] };
  if (last === 'StructType') {
    const fields = argumentOf(given, 0, 'fields');
    if (fields === undefined) return { is: 'columns', names: [] };
    return fields.is === 'list' && fields.items.every((one) => one.is === 'columns')
      ? { is: 'columns', names: fields.items.flatMap((one) => (one.is === 'columns' ? one.names : [])) }
      : plain;
  }
  return null;
}

/** A call of a function that Spark runs on each row: only the columns that it is given matter. */
export function udfCall(given: readonly FrameValue[]): FrameValue {
  return madeOf(
    given.map((one) => (one.is === 'text' ? { ...madeOf([]), sql: `\`${one.value}\``, name: one.value } : one)),
  );
}
