import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../../model/finding.ts';
import { partKey } from '../../model/identifiers.ts';
import type { DiscoverInput, Discovery } from '../contract.ts';
import { DbtPart } from './config.ts';
import { nodeAssets } from './node-assets.ts';
import { type Collected, collect } from './static/collect.ts';
import { type DbtProject, type ProjectProblem, readDbtProject } from './static/dbt-project.ts';
import { linkNodes } from './static/link.ts';

/** The resources of a dbt project, read from its text: what it declares, what Jinja in it refers to. */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const settings = DbtPart.parse(input.part.settings);
  const { project, problems } = readDbtProject(input.files, settings.path, input.part.name);
  const found = collect(input.files, project);
  const from = { project, problems, name: input.part.name };
  const before = known.get(found);
  if (before !== undefined && isDeepStrictEqual(before.from, from)) return before.discovery;
  const discovery = discoveryOf(from, found);
  known.set(found, { from, discovery });
  return discovery;
}

type From = { project: DbtProject; problems: readonly ProjectProblem[]; name: string };

/** A project's files that say what they said have the same discovery. */
const known = new WeakMap<Collected, { from: From; discovery: Discovery }>();

function discoveryOf({ project, problems, name }: From, found: Collected): Discovery {
  const linked = linkNodes(project, found);
  const findings: Finding[] = [
    ...[...problems, ...found.problems].map((problem) =>
      finding('dbt-yaml', problem, 'dbt will refuse this file. Put the line right.'),
    ),
    ...linked.missing.map((problem) =>
      finding('dbt-ref-missing', problem, 'Correct the name, or add the package that has it.'),
    ),
    ...linked.unclear.map((problem) => ({
      ...finding('dbt-dynamic-ref', problem, 'Set up the dbt runtime for exact edges.'),
      severity: 'note' as const,
    })),
  ];
  return { ...nodeAssets(partKey('dbt', name), linked.nodes, 'static'), findings };
}

function finding(
  check: string,
  problem: { file: string; line: number | null; message: string },
  hint: string,
): Finding {
  const { file: path, line, message } = problem;
  // dbt itself takes the last of two equal keys.
  const severity = check === 'dbt-yaml' && !message.includes('keys must be unique') ? 'error' : 'warning';
  return { check, asset: null, path, line, status: 'failed', severity, message, hint };
}
