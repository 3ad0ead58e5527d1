import { didYouMean } from '../../base/did-you-mean.ts';
import type { Finding } from '../../model/finding.ts';
import type { FoundEnvironment } from './parse-environment.ts';
import { projectFinding } from './read-with-schema.ts';

/** What is wrong with the chain of environments: two with one name, one after an unknown one, a circle, several firsts. */
export function checkEnvironments(found: readonly FoundEnvironment[]): Finding[] {
  return [...twice(found), ...brokenLinks(found), ...circles(found), ...forks(found)];
}

function twice(found: readonly FoundEnvironment[]): Finding[] {
  return found.flatMap((one, index) => {
    const first = found.slice(0, index).find((other) => other.environment.name === one.environment.name);
    if (first === undefined) return [];
    const message = `Two files describe the environment \`${one.environment.name}\`: ${first.place.file} and ${one.place.file}.`;
    return [finding(one, 'environment', { message, hint: 'Remove one of them, or give it another name.' })];
  });
}

function brokenLinks(found: readonly FoundEnvironment[]): Finding[] {
  const names = found.map((one) => one.environment.name);
  return found.flatMap((one) => {
    const { name, after } = one.environment;
    if (after === null || names.includes(after)) return [];
    const meant = didYouMean(
      after,
      names.filter((other) => other !== name),
    );
    const message = `\`${name}\` comes after \`${after}\`, which is no environment of this project.`;
    return [
      finding(one, 'after', {
        message,
        hint: meant !== null ? `Did you mean \`${meant}\`?` : `There are: ${names.join(', ')}.`,
      }),
    ];
  });
}

function circles(found: readonly FoundEnvironment[]): Finding[] {
  const after = new Map(found.map((one) => [one.environment.name, one.environment.after]));
  const reported = new Set<string>();
  return found.flatMap((one) => {
    const path = [one.environment.name];
    for (let at = one.environment.after; at !== null && at !== undefined; at = after.get(at) ?? null) {
      if (at === path[0]) {
        const circle = [...path].sort().join(' ');
        if (reported.has(circle)) return [];
        reported.add(circle);
        const message = `The environments follow each other in a circle: ${[...path, at].join(' after ')}.`;
        return [finding(one, 'after', { message, hint: 'Leave `after` out of the environment that comes first.' })];
      }
      if (path.includes(at)) return [];
      path.push(at);
    }
    return [];
  });
}

function forks(found: readonly FoundEnvironment[]): Finding[] {
  const firsts = found.filter((one) => one.environment.after === null);
  const [, second] = firsts;
  if (second === undefined || found.length < 2 || firsts.length < found.length) return [];
  return [
    {
      ...finding(second, 'environment', {
        message: `No environment says which one it comes after, so releases can enter each of them directly.`,
        hint: 'Write `after: <environment>` into all but the first.',
      }),
      severity: 'warning',
    },
  ];
}

function finding(one: FoundEnvironment, key: string, text: { message: string; hint: string }): Finding {
  return projectFinding({
    check: 'environment-chain',
    path: one.place.file,
    line: one.place.yaml.lineOf([key]),
    ...text,
  });
}
