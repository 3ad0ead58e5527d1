import { messageOf } from '../../base/errors.ts';
import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { type RunEvent, runEvent } from './run-event.ts';

export type FoundEvent = { event: RunEvent; path: string; line: number };
export type EventProblem = { path: string; line: number; message: string };

/** Every event in the .json, .jsonl and .ndjson files of a folder; what is none is a problem with its place. */
export function readEvents(files: ProjectFiles, folder: string): { events: FoundEvent[]; problems: EventProblem[] } {
  const events: FoundEvent[] = [];
  const problems: EventProblem[] = [];
  for (const { path } of files.entries) {
    if (!isInside(path, folder) || !/\.(json|jsonl|ndjson)$/.test(path)) continue;
    const text = files.text(path);
    if (text === null) continue;
    for (const { value, line } of valuesIn(text, path, problems)) {
      const read = runEvent.safeParse(value);
      if (read.success) events.push({ event: read.data, path, line });
      else problems.push({ path, line, message: reasonOf(read.error.issues[0]) });
    }
  }
  return {
    events,
    problems: problems.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1)),
  };
}

function reasonOf(issue: { path: PropertyKey[]; message: string } | undefined): string {
  return issue === undefined ? 'it is no event' : `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`;
}

type Found = { value: unknown; line: number };

/** One value or a list of them, else one a line. */
function valuesIn(text: string, path: string, problems: EventProblem[]): Found[] {
  if (path.endsWith('.json')) {
    try {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value.map((one: unknown) => ({ value: one, line: 1 })) : [{ value, line: 1 }];
    } catch (error) {
      // Several objects, one a line, are often in a .json file as well.
      if (!/\n\s*\{/.test(text)) {
        problems.push({ path, line: 1, message: messageOf(error) });
        return [];
      }
    }
  }
  return text.split('\n').flatMap((line, index): Found[] => {
    if (line.trim() === '') return [];
    try {
      const value: unknown = JSON.parse(line);
      return [{ value, line: index + 1 }];
    } catch (error) {
      problems.push({ path, line: index + 1, message: messageOf(error) });
      return [];
    }
  });
}
