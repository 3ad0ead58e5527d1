import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flow } from '../src/delivery/flow.ts';
import {
  deliveringTargetFiles,
  emptyNames,
  impurities,
  type Layer,
  layers,
  longestFile,
  sharedTargetFolders,
  targetFiles,
} from './structure-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type Source = { path: string; text: string; imports: string[] };

const sources = listSources();
const problems = [
  ...sources.flatMap(directionProblems),
  ...sources.flatMap(purityProblems),
  ...sources.flatMap(shapeProblems),
  ...cycleProblems(sources),
  ...flowProblems(),
  ...targetProblems(),
];

for (const problem of problems) process.stderr.write(`structure: ${problem}\n`);
process.stdout.write(`structure: ${sources.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function listSources(): Source[] {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  });
  return tracked
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .filter((path) => layers.some((layer) => path.startsWith(layer.prefix)))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: relativeImports(path, text) };
    });
}

function relativeImports(path: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, to]) => posix.normalize(posix.join(posix.dirname(path), to ?? '')));
}

function layerOf(path: string): Layer | null {
  const matching = layers.filter((layer) => path.startsWith(layer.prefix));
  return matching.sort((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
}

function directionProblems(source: Source): string[] {
  if (isTest(source.path)) return [];
  const from = layerOf(source.path);
  return source.imports.flatMap((imported) => {
    const to = layerOf(imported);
    if (from === null || to === null) return [];
    if (to.rank > from.rank)
      return [`${source.path} may not know ${imported}: ${from.prefix} comes before ${to.prefix}`];
    if (from.only !== null && !from.only.some((prefix) => imported.startsWith(prefix))) {
      return [`${source.path} may not know ${imported}: ${from.prefix} sees only ${from.only.join(', ')}`];
    }
    return [...stageProblems(source.path, imported), ...siblingProblems(source.path, imported)];
  });
}

/** A stage of the flow imports only stages before it. */
function stageProblems(from: string, to: string): string[] {
  const order = flow.map((step) => step.stage as string);
  const [a, b] = [stageOf(from), stageOf(to)];
  if (a === null || b === null || order.indexOf(b) <= order.indexOf(a)) return [];
  return [`${from} may not know ${to}: stage ${b} comes after ${a}`];
}

function stageOf(path: string): string | null {
  return /^src\/delivery\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** Targets never import each other; only the registry names them all. */
function siblingProblems(from: string, to: string): string[] {
  const [a, b] = [targetFolderOf(from), targetFolderOf(to)];
  if (a === null || b === null || a === b || sharedTargetFolders.includes(b)) return [];
  return [`${from} may not know ${to}: targets never import each other`];
}

function targetFolderOf(path: string): string | null {
  return /^src\/targets\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function purityProblems(source: Source): string[] {
  const pure = source.path.startsWith('src/delivery/') || /^src\/targets\/[^/]+\/discover[^/]*\.ts$/.test(source.path);
  if (!pure || isTest(source.path)) return [];
  return impurities
    .filter(({ pattern }) => pattern.test(source.text))
    .map(({ because }) => `${source.path} should be pure, but ${because}`);
}

function shapeProblems(source: Source): string[] {
  const lines = source.text.split('\n').length - 1;
  const name = basename(source.path).replace(/(\.test)?\.tsx?$/, '');
  return [
    ...(lines > longestFile ? [`${source.path} has ${lines} lines; ${longestFile} is the most`] : []),
    ...(/^export \*/m.test(source.text) ? [`${source.path} has an "export *"`] : []),
    ...(/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) || /^\d{4}_/.test(name) ? [] : [`${source.path} is not kebab-case`]),
    ...([name, ...dirname(source.path).split('/')].some((word) => emptyNames.includes(word))
      ? [`${source.path} has a name that says nothing`]
      : []),
    ...(writesOut(source) ? [`${source.path} writes to stdout; only src/cli/print.ts may`] : []),
  ];
}

function writesOut(source: Source): boolean {
  const allowed =
    ['src/cli/print.ts', 'src/cli/main.ts'].includes(source.path) ||
    !source.path.startsWith('src/') ||
    isTest(source.path);
  return !allowed && /process\.stdout\.write|console\.(log|info)\(/.test(source.text);
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** Import cycles, each named once, by Tarjan's strongly connected components. */
function cycleProblems(all: Source[]): string[] {
  const graph = new Map(all.map((source) => [source.path, source.imports]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1) cycles.push(`import cycle: ${component.reverse().join(' -> ')}`);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles;
}

/** flow.ts, the folders of src/delivery and the README's table name the same stages in the same order. */
function flowProblems(): string[] {
  const stages = flow.map((step) => step.stage as string);
  const folders = readdirSync(join(root, 'src/delivery'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : '';
  const rows = [...readme.matchAll(/^\| `([a-z]+)` \| .+ \|$/gm)]
    .map(([, stage]) => stage ?? '')
    .filter((stage) => stages.includes(stage));
  return [
    ...stages
      .filter((stage) => !folders.includes(stage))
      .map((stage) => `flow.ts names ${stage}, but src/delivery has no such folder`),
    ...folders.filter((folder) => !stages.includes(folder)).map((folder) => `src/delivery/${folder} is not in flow.ts`),
    ...(rows.join() === stages.join()
      ? []
      : [`README.md's table of stages (${rows.join(', ')}) is not flow.ts's (${stages.join(', ')})`]),
  ];
}

function targetProblems(): string[] {
  const folders = readdirSync(join(root, 'src/targets'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const targets = folders.filter((folder) => !sharedTargetFolders.includes(folder));
  return targets.flatMap((target) => {
    const has = (file: string) => existsSync(join(root, 'src/targets', target, file));
    const wanted = has('apply.ts') ? [...targetFiles, ...deliveringTargetFiles] : targetFiles;
    return wanted.filter((file) => !has(file)).map((file) => `src/targets/${target} lacks ${file}`);
  });
}
