import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

/** One part for each Python program that reads a stream with Spark. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const mains = files.entries
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('.py') && !isSampleOrTest(path) && isStreamingProgram(files.text(path)));
  const names = uniqueNames(mains, (path) => path.replace(/\.py$/, ''));
  return mains.map((path, index) => ({
    name: names[index] ?? path,
    settings: { path: folderOf(path) || '.', main: path.slice(path.lastIndexOf('/') + 1) },
    because: `${path} reads a stream`,
  }));
}

function isStreamingProgram(text: string | null): boolean {
  return (
    text !== null &&
    /\breadStream\b/.test(text) &&
    /\b(writeStream|awaitTermination)\b/.test(text) &&
    /^\s*(from|import)\s+pyspark/m.test(text)
  );
}
