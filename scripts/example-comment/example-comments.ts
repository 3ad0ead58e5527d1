import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { longestComment, writeComment } from '../../src/delivery/checks/comment/write-comment.ts';
import { readCheck, readImpact, readPlan } from '../../src/workflows/report/read-told.ts';

const goldenFolder = fileURLToPath(new URL('../../tests/report/golden/', import.meta.url));

/** The changes of the payments example that the documentation shows, in its order. */
export const stories = [
  { change: 'fails-at-run', title: 'A change that passes every check, and breaks what others read' },
  { change: 'broken', title: 'A change that a release must not get' },
] as const;

/** Where what a tool found of a change is kept. */
export function goldenFile(change: string, name: 'impact' | 'check' | 'plan' | 'touched'): string {
  return `${goldenFolder}${change}/${name}.json`;
}

/** docs/example-comment.md, from what is kept. No runner is told of, so nothing is linked. */
export function exampleComments(): string {
  const comments = stories.map(({ change, title }) => `## ${title}\n\n${commentOn(change)}`);
  const about =
    'What `headgate report` says of two changes of [the example](../examples/payments); made by `node scripts/write-example-comment.ts`.';
  return `# Comments on pull requests\n\n${about}\n\n${comments.join('\n---\n\n')}`;
}

function commentOn(change: string): string {
  const touched: string[] = JSON.parse(readFileSync(goldenFile(change, 'touched'), 'utf8'));
  const plan = goldenFile(change, 'plan');
  const input = {
    check: readCheck(goldenFile(change, 'check')),
    impact: readImpact(goldenFile(change, 'impact')).told,
    plans: existsSync(plan) ? [readPlan(plan)].flatMap(({ told }) => told ?? []) : [],
    source: { blob: null, root: '', touched: new Set(touched) },
    seconds: null,
    times: {},
    run: null,
  };
  return writeComment(input, longestComment);
}
