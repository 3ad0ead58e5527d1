import type { Finding } from '../../model/finding.ts';
import { assetKey } from '../../model/identifiers.ts';
import { joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { TargetCheck } from '../contract.ts';
import { localTests, plainTests } from './check-tests.ts';
import { types } from './check-types.ts';
import { SparkPart } from './config.ts';

/** What Spark would refuse when the job is started: no application, or a package that is no Maven coordinate. */
export function judgeSparkJob(part: SparkPart, name: string, files: ProjectFiles): Finding[] {
  const main = joinPath(normalFolder(part.path), part.main);
  const isThere = files.entries.some(({ path }) => path === main);
  const wrong = (part.packages ?? []).filter((coordinate) => !/^[\w.-]+:[\w.-]+:[\w.+-]+$/.test(coordinate));
  return [
    ...(isThere
      ? []
      : [
          jobFinding(
            name,
            `The job \`${name}\` starts ${main}, which is not there.`,
            'Correct `main:` or `path:` of the part in headgate.yaml.',
          ),
        ]),
    ...(isThere && !/\.(?:py|jar|R)$/.test(main)
      ? [jobFinding(name, `The job \`${name}\` starts ${main}, which Spark cannot run.`, 'Name a .py file or a .jar.')]
      : []),
    ...wrong.map((coordinate) =>
      jobFinding(
        name,
        `The package \`${coordinate}\` of the job \`${name}\` is no Maven coordinate.`,
        'Write group:artifact:version, with a fixed version.',
      ),
    ),
  ];
}

function jobFinding(name: string, message: string, hint: string): Finding {
  return {
    check: 'spark-job',
    asset: assetKey('spark:job', name),
    path: 'headgate.yaml',
    line: null,
    status: 'failed',
    severity: 'error',
    message,
    hint,
  };
}

export const sparkChecks: readonly TargetCheck[] = [
  {
    name: 'spark-job',
    title: 'The application that the job starts is there',
    dependsOn: ['part-files', 'settings'],
    async run({ files, part }) {
      return judgeSparkJob(SparkPart.parse(part.settings), part.name, files);
    },
  },
  plainTests,
  localTests,
  types,
];
