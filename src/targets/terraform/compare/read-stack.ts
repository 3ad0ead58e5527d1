import { fillTemplates } from '../../../model/fill-templates.ts';
import { folderOf, joinPath } from '../../../model/join-path.ts';
import { canonicalJson } from '../../../model/json.ts';
import { normalFolder } from '../../../model/path-schema.ts';
import { pathsInside } from '../../../model/paths-inside.ts';
import type { PartRevision } from '../../contract.ts';
import { TerraformPart } from '../config.ts';
import { hclAttributes } from '../hcl-attributes.ts';
import { hclBlocks } from '../hcl-blocks.ts';
import { canonicalExpression, type Said, saidIn } from './canonical-hcl.ts';

/**
 * A stack as it is compared. `blocks` by address (`aws_s3_bucket.lake`, `data.x.y`, `module.m`, `output.o`, `provider.aws`);
 * `given`: what the variables get, by `<name> in <where>`; `others`: texts of further files that the stack names, by path.
 */
export type Stack = {
  blocks: Map<string, { kind: string; said: Said }>;
  locals: Map<string, string>;
  given: Map<string, { name: string; value: string }>;
  others: Map<string, string>;
};

export function readStack({ files, part, environments }: PartRevision): Stack {
  const settings = TerraformPart.parse(part.settings);
  const folder = normalFolder(settings.path);
  const stack: Stack = { blocks: new Map(), locals: new Map(), given: new Map(), others: new Map() };
  const paths = pathsInside(files.entries, folder);
  const own = paths.filter((path) => path.endsWith('.tf') && folderOf(path) === folder);
  const code = own.map((path) => files.text(path) ?? '');
  for (const text of code) for (const block of hclBlocks(text).blocks) addBlock(stack, block);
  for (const path of paths.filter((one) => one.endsWith('.tfvars')))
    for (const { name, expression } of hclAttributes(files.text(path) ?? ''))
      stack.given.set(`${name} in ${path}`, { name, value: canonicalExpression(expression) });
  for (const { name: environment, values } of environments) {
    for (const name of declaredIn(stack)) {
      const setting = settings.variables?.[name];
      const value = setting === undefined ? values[name] : fillTemplates(setting, values);
      if (value !== undefined) stack.given.set(`${name} in ${environment}`, { name, value: canonicalJson(value) });
    }
  }
  const all = code.join('\n');
  stack.others.set('quotes within ${...}', all.split('\n').filter(isHardToRead).sort().join('\n'));
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const counts = name === '.terraform.lock.hcl' || name.endsWith('.tf.json') || name.endsWith('.tfvars.json');
    if (!own.includes(path) && !path.endsWith('.tf') && (counts || all.includes(name)))
      stack.others.set(path, files.text(path) ?? '');
  }
  addModules(stack, { files, folder });
  return stack;
}

/** A line on which a `#` or `//` may be text or a comment: it must stay as it is written to count as unchanged. */
function isHardToRead(line: string): boolean {
  return /\$\{[^}]*"/.test(line) && /#|\/\//.test(line);
}

function addBlock(stack: Stack, block: { kind: string; labels: string[]; body: string }): void {
  const said = saidIn(block.body);
  if (block.kind === 'locals') {
    for (const [name, expression] of said) stack.locals.set(name, expression);
    return;
  }
  const alias = said.get('alias');
  const address = [
    ...(block.kind === 'resource' ? [] : [block.kind]),
    ...block.labels,
    ...(alias === undefined ? [] : [alias]),
  ].join('.');
  const known = stack.blocks.get(address);
  stack.blocks.set(address, { kind: block.kind, said: new Map([...(known?.said ?? []), ...said]) });
}

function declaredIn(stack: Stack): string[] {
  return [...stack.blocks].flatMap(([address, { kind }]) =>
    kind === 'variable' ? [address.slice('variable.'.length)] : [],
  );
}

/** The code of the modules that lie in the project, as what it says: a comment in it changes nothing. */
function addModules(stack: Stack, place: { files: PartRevision['files']; folder: string }): void {
  for (const { kind, said } of stack.blocks.values()) {
    const source = /^"(\.[^"]*)"$/.exec(kind === 'module' ? (said.get('source') ?? '') : '')?.[1];
    if (source === undefined) continue;
    for (const path of pathsInside(place.files.entries, joinPath(place.folder, source))) {
      const text = place.files.text(path) ?? '';
      const blocks = hclBlocks(text).blocks.map(({ kind: of, labels, body }) => [of, labels, [...saidIn(body)].sort()]);
      if (!/\.(md|txt)$/i.test(path)) stack.others.set(path, path.endsWith('.tf') ? JSON.stringify(blocks) : text);
    }
  }
}
