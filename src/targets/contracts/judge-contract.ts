import type { ErrorObject } from 'ajv';
import type { YamlReading } from '../../base/yaml/yaml-document.ts';
import type { Finding } from '../../model/finding.ts';

const MOST = 20;

/** What the standard's JSON Schema finds in a contract, each with the line that it is about. */
export function judgeContract(path: string, yaml: YamlReading, errors: readonly ErrorObject[]): Finding[] {
  const said = errors
    .filter(({ keyword }) => !['if', 'allOf', 'anyOf', 'oneOf'].includes(keyword))
    .map((error) => asSaid(yaml, error));
  const own = said.length === 0 && errors.length > 0 ? errors.slice(0, 1).map((error) => asSaid(yaml, error)) : said;
  const unique = new Map(own.map((one) => [`${one.line} ${one.message}`, one]));
  return [...unique.values()].slice(0, MOST).map(({ line, message }) => ({
    ...{ check: 'contract-valid', asset: null, path, line, status: 'failed', severity: 'error' },
    message: `The Open Data Contract Standard does not allow this: ${message}.`,
    hint: 'Correct the field; the standard is at https://bitol-io.github.io/open-data-contract-standard.',
  }));
}

function asSaid(
  yaml: YamlReading,
  { instancePath, keyword, params, message }: ErrorObject,
): { line: number | null; message: string } {
  const at = instancePath.split('/').slice(1).map(unescaped);
  const extra = params.unevaluatedProperty ?? params.additionalProperty;
  const where = at.length === 0 ? 'the contract' : `\`${at.join('.')}\``;
  if (typeof extra === 'string') {
    return { line: yaml.lineOf([...at, extra]), message: `${where} has no field \`${extra}\`` };
  }
  const line = yaml.lineOf(at);
  if (keyword === 'required') return { line, message: `${where} lacks \`${params.missingProperty}\`` };
  if (keyword === 'enum') {
    const allowed: unknown[] = Array.isArray(params.allowedValues) ? params.allowedValues : [];
    return {
      line,
      message: `${where} must be one of ${allowed.slice(0, 12).join(', ')}${allowed.length > 12 ? ' ...' : ''}`,
    };
  }
  return { line, message: `${where} ${message ?? 'is wrong'}` };
}

/** Steps of a JSON Pointer; numbers are places in lists. */
function unescaped(step: string): PropertyKey {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(text) ? Number(text) : text;
}
