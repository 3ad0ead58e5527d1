import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import { readYaml, type YamlReading } from '../../base/yaml/yaml-document.ts';
import type { Dialect, SchemaSource } from '../verdict.ts';
import { readSqlType, type SqlType } from './sql-type.ts';
import type { Column, Table } from './table.ts';

const DbtConstraint = z.object({
  type: z.string(),
  columns: z.array(z.string()).optional(),
  expression: z.string().nullish(),
});
const DbtColumn = z.object({
  name: z.string(),
  data_type: z.string().nullish(),
  constraints: z.array(DbtConstraint).nullish(),
});
const DbtModel = z.object({
  name: z.string(),
  config: z.object({ contract: z.object({ enforced: z.boolean().optional() }).nullish() }).nullish(),
  columns: z.array(DbtColumn).nullish(),
  constraints: z.array(DbtConstraint).nullish(),
  versions: z
    .array(z.object({ v: z.union([z.string(), z.number()]), columns: z.array(z.unknown()).nullish() }))
    .nullish(),
});
type DbtModel = z.infer<typeof DbtModel>;
const DbtFile = z.object({ models: z.array(DbtModel) });

/** The models of a dbt YAML file with the columns and constraints that their contracts promise. Throws `schema-invalid`. */
export function readDbt(source: SchemaSource, dialect: Dialect): Table[] {
  const { models } = parsed(source, 'dbt', DbtFile);
  return models.flatMap((model) => dbtTables(model, dialect));
}

function dbtTables(model: DbtModel, dialect: Dialect): Table[] {
  const table = dbtTable(model, model.columns ?? [], dialect);
  const versions = model.versions ?? [];
  if (versions.length === 0) return [table];
  return versions.map(({ v, columns }) => {
    const own = (columns ?? []).flatMap((column) => DbtColumn.safeParse(column).data ?? []);
    const chosen = (columns ?? []).flatMap((column) => Inclusion.safeParse(column).data ?? []);
    const all =
      chosen.some(({ include }) => include === '*' || include === 'all') || columns === undefined || columns === null;
    const left = all
      ? (model.columns ?? []).filter(({ name }) => !chosen.some(({ exclude }) => exclude?.includes(name)))
      : [];
    const kept = left.filter(({ name }) => !own.some((other) => other.name === name));
    return { ...dbtTable(model, [...kept, ...own], dialect), name: `${model.name}.v${v}` };
  });
}

const Inclusion = z.object({
  include: z.union([z.string(), z.array(z.string())]),
  exclude: z.array(z.string()).optional(),
});

function dbtTable(model: DbtModel, columns: readonly z.infer<typeof DbtColumn>[], dialect: Dialect): Table {
  const constraints = model.constraints ?? [];
  const ofType = (type: string) => constraints.filter((constraint) => constraint.type === type);
  const required = new Set(ofType('not_null').flatMap((constraint) => constraint.columns ?? []));
  const inline = columns.filter((column) => has(column, 'primary_key')).map((column) => column.name);
  return {
    name: model.name,
    columns: columns.map((column) => dbtColumn(column, required, dialect)),
    key: ofType('primary_key')[0]?.columns ?? inline,
    uniques: ofType('unique').map((constraint) => constraint.columns ?? []),
    checks: [...constraints, ...columns.flatMap((column) => column.constraints ?? [])]
      .filter((constraint) => constraint.type === 'check' && constraint.expression)
      .map((constraint) => (constraint.expression ?? '').toLowerCase().replace(/\s+/g, ' ').trim()),
    enforced: model.config?.contract?.enforced ?? false,
  };
}

function has(column: z.infer<typeof DbtColumn>, type: string): boolean {
  return (column.constraints ?? []).some((constraint) => constraint.type === type);
}

function dbtColumn(column: z.infer<typeof DbtColumn>, required: ReadonlySet<string>, dialect: Dialect): Column {
  return {
    name: column.name,
    type: column.data_type ? readSqlType(column.data_type, dialect) : null,
    required: has(column, 'not_null') || has(column, 'primary_key') || required.has(column.name),
    filled: false,
    unique: has(column, 'unique'),
    limits: null,
  };
}

type OdcsProperty = {
  name: string;
  physicalName?: string | null | undefined;
  logicalType?: string | null | undefined;
  physicalType?: string | null | undefined;
  required?: boolean | null | undefined;
  unique?: boolean | null | undefined;
  primaryKey?: boolean | null | undefined;
  primaryKeyPosition?: number | null | undefined;
  logicalTypeOptions?: { [option: string]: unknown } | null | undefined;
  properties?: OdcsProperty[] | null | undefined;
  items?: Omit<OdcsProperty, 'name'> | null | undefined;
};
const propertyShape = {
  physicalName: z.string().nullish(),
  logicalType: z.string().nullish(),
  physicalType: z.string().nullish(),
  required: z.boolean().nullish(),
  unique: z.boolean().nullish(),
  primaryKey: z.boolean().nullish(),
  primaryKeyPosition: z.number().nullish(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).nullish(),
  properties: z.lazy((): z.ZodType<OdcsProperty[] | null | undefined> => z.array(OdcsProperty).nullish()),
  items: z.lazy((): z.ZodType<Omit<OdcsProperty, 'name'> | null | undefined> => z.object(propertyShape).nullish()),
};
const OdcsProperty: z.ZodType<OdcsProperty> = z.lazy(() => z.object({ name: z.string(), ...propertyShape }));
const OdcsFile = z.object({
  kind: z.literal('DataContract').optional(),
  apiVersion: z.string(),
  schema: z.array(
    z.object({ name: z.string(), physicalName: z.string().nullish(), properties: z.array(OdcsProperty).nullish() }),
  ),
});

/** The schema objects of an ODCS 3 contract. Inner properties are columns with a path. Throws `schema-invalid`. */
export function readOdcs(source: SchemaSource, dialect: Dialect): Table[] {
  const contract = parsed(source, 'ODCS', OdcsFile);
  return contract.schema.map(({ name, physicalName, properties }) => {
    const keys = (properties ?? []).filter((property) => property.primaryKey === true);
    const key = keys
      .sort((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0))
      .map((property) => property.name);
    const columns = (properties ?? []).flatMap((property) => odcsColumns(property, '', dialect));
    return { name, columns, key, uniques: [], checks: [], enforced: null, physical: physicalName ?? null };
  });
}

function odcsColumns(property: OdcsProperty, inside: string, dialect: Dialect): Column[] {
  const name = inside + property.name;
  const column: Column = {
    name,
    type: odcsType(property, dialect),
    required: property.required === true || property.primaryKey === true,
    filled: false,
    unique: property.unique === true,
    limits: property.logicalTypeOptions ?? null,
    physical: property.physicalName ?? null,
  };
  const items = property.items ? odcsColumns({ name: '[]', ...property.items }, name, dialect) : [];
  return [column, ...(property.properties ?? []).flatMap((inner) => odcsColumns(inner, `${name}.`, dialect)), ...items];
}

const logicalTypes: { [logical: string]: SqlType } = {
  string: { family: 'text', length: null },
  number: { family: 'decimal', precision: null, scale: 0 },
  integer: { family: 'integer', bits: 64 },
  boolean: { family: 'boolean' },
  date: { family: 'date' },
  time: { family: 'time', digits: 9, zone: 'none' },
  timestamp: { family: 'timestamp', digits: 9, zone: 'none' },
};

/** The physical type where one is given: it says more. */
function odcsType({ logicalType, physicalType }: OdcsProperty, dialect: Dialect): SqlType | null {
  if (physicalType) return readSqlType(physicalType, dialect);
  if (!logicalType) return null;
  return logicalTypes[logicalType] ?? { family: 'other', text: logicalType };
}

function parsed<Shape>(source: SchemaSource, format: string, shape: z.ZodType<Shape>): Shape {
  const yaml = readYaml(source.text);
  const [problem] = yaml.problems;
  if (problem !== undefined)
    throw fail('schema-invalid', { file: source.name, format, line: problem.line, why: `${problem.message}.` });
  const result = shape.safeParse(yaml.value);
  if (result.success) return result.data;
  throw fail('schema-invalid', { file: source.name, format, ...firstIssue(yaml, result.error) });
}

function firstIssue(yaml: YamlReading, error: z.ZodError): { line: number | null; why: string } {
  const [issue] = error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  return {
    line: yaml.lineOf(issue?.path ?? []),
    why: `${place === '' ? 'it' : `\`${place}\``}: ${issue?.message ?? 'is not as expected'}.`,
  };
}
