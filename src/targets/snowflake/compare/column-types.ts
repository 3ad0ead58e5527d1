/** One type under its several names, with the sizes it has when none is written. */
const names: { [name: string]: string } = {
  ...{ int: 'number(38,0)', integer: 'number(38,0)', bigint: 'number(38,0)', smallint: 'number(38,0)' },
  ...{
    tinyint: 'number(38,0)',
    byteint: 'number(38,0)',
    number: 'number(38,0)',
    numeric: 'number(38,0)',
    decimal: 'number(38,0)',
  },
  ...{
    varchar: 'varchar(16777216)',
    string: 'varchar(16777216)',
    text: 'varchar(16777216)',
    nvarchar: 'varchar(16777216)',
  },
  ...{ char: 'varchar(1)', character: 'varchar(1)', nchar: 'varchar(1)', bool: 'boolean', datetime: 'timestamp_ntz' },
  ...{
    float4: 'float',
    float8: 'float',
    double: 'float',
    real: 'float',
    binary: 'binary(8388608)',
    varbinary: 'binary(8388608)',
  },
};
const sized: { [name: string]: string } = {
  ...{ numeric: 'number', decimal: 'number', string: 'varchar', text: 'varchar', nvarchar: 'varchar', char: 'varchar' },
  ...{ character: 'varchar', nchar: 'varchar', varbinary: 'binary', datetime: 'timestamp_ntz' },
};

/** A type in one writing: `DECIMAL(10)` is `number(10,0)`. */
export function sameType(written: string): string {
  const found = /^([a-z_0-9]+)(?:\(([\d,]+)\))?$/.exec(written.replaceAll(' ', ''));
  if (found === null) return written;
  const [, name = '', size] = found;
  if (size === undefined) return names[name] ?? name;
  const base = sized[name] ?? name;
  return base === 'number' && !size.includes(',') ? `number(${size},0)` : `${base}(${size})`;
}

/** Whether each value of `before` is one of `after` that reads the same. Both as `sameType` writes them. */
export function widens(before: string, after: string): boolean {
  const shape = /^(varchar|binary|number)\((\d+)(?:,(\d+))?\)$/;
  const [old, now] = [shape.exec(before), shape.exec(after)];
  if (old === null || now === null || old[1] !== now[1] || old[3] !== now[3]) return false;
  return Number(now[2]) >= Number(old[2]);
}
