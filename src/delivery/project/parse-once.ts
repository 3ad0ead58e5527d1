import type { ProjectFiles } from '../../model/project-files.ts';
import { type ParsedProject, type ParseInput, parseProject } from './parse-project.ts';

/** A project with all that decided it. */
type Parsed = Omit<ParseInput, 'files'> & {
  paths: readonly string[];
  texts: ReadonlyMap<string, string | null>;
  parsed: ParsedProject;
};

const known: Parsed[] = [];
const MOST_KNOWN = 3;

/**
 * `parseProject`, worked out once for the same paths and texts: both ends of a comparison mostly declare the same, and so does the same
 * project a moment later. Nobody may change what it gives.
 */
export function parseOnce(input: ParseInput): ParsedProject {
  const found = known.find((one) => isOf(one, input)) ?? parsed(input);
  known.splice(0, known.length, ...[found, ...known.filter((one) => one !== found)].slice(0, MOST_KNOWN));
  return found.parsed;
}

function parsed({ files, schemas, folderName }: ParseInput): Parsed {
  const texts = new Map<string, string | null>();
  const recording: ProjectFiles = {
    entries: files.entries,
    text(path) {
      const text = files.text(path);
      texts.set(path, text);
      return text;
    },
  };
  const found = parseProject({ files: recording, schemas, folderName });
  return { schemas, folderName, paths: files.entries.map(({ path }) => path), texts, parsed: found };
}

/** Every text is asked for again, so that files which cannot be read are complained about each time. */
function isOf(one: Parsed, { files, schemas, folderName }: ParseInput): boolean {
  return (
    one.schemas === schemas &&
    one.folderName === folderName &&
    one.paths.length === files.entries.length &&
    one.paths.every((path, at) => path === files.entries[at]?.path) &&
    [...one.texts].map(([path, text]) => files.text(path) === text).every((isSame) => isSame)
  );
}
