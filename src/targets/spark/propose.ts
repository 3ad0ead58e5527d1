import type { ProjectFiles } from '../../model/project-files.ts';
import { isSampleOrTest, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

/** One part for each Python program that makes a Spark session, is no DAG and no streaming query. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const mains = files.entries
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('.py') && !isSampleOrTest(path) && isSparkProgram(files.text(path)));
  const named = uniqueNames(mains, (path) => path.replace(/\.py$/, '').replace(/\/(main|job|app|__main__|run)$/, ''));
  return mains.map((path, index) => {
    const slash = path.lastIndexOf('/');
    return {
      name: named[index] ?? path,
      settings: { path: slash === -1 ? '.' : path.slice(0, slash), main: path.slice(slash + 1) },
      because: `${path} makes a Spark session`,
    };
  });
}

function isSparkProgram(text: string | null): boolean {
  if (text === null || !/\b(SparkSession\s*(\.|\()|SparkContext\s*\(|GlueContext\s*\()/.test(text)) return false;
  if (!/^\s*(from|import)\s+(pyspark|awsglue)/m.test(text)) return false;
  const isProgram =
    /__name__\s*==/.test(text) ||
    /^[A-Za-z_]\w*\s*=.*(SparkSession|SparkContext|GlueContext)/m.test(text) ||
    /^\s*(\.|with\s)/m.test(text);
  return isProgram && !/\breadStream\b/.test(text) && !/^\s*(from|import)\s+airflow/m.test(text);
}
