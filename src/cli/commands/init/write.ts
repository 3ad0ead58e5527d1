import { resolve } from 'node:path';
import { initProject } from '../../../workflows/project/init-project.ts';
import { type Command, flagOption, option } from '../../command.ts';

/** `headgate init [folder]` */
export const init: Command = {
  words: ['init'],
  summary: 'Look at a repository and write its headgate.yaml',
  arguments: ['[folder]'],
  options: [
    option('--force', 'replace a headgate.yaml that is there'),
    option('--dry-run', 'show what would be written and write nothing'),
  ],
  async run(invocation) {
    const { print, cwd } = invocation;
    const dryRun = flagOption(invocation, 'dryRun');
    const result = await initProject(resolve(cwd, invocation.arguments[0] ?? '.'), {
      force: flagOption(invocation, 'force'),
      dryRun,
    });
    const files = result.files.map((file) => file.path);
    const parts = result.parts.map(({ target, name, because }) => ({ target, name, because }));
    print.result(
      { written: result.written, files: dryRun ? result.files : files, parts, findings: result.findings },
      () => [
        ...parts.map((part) => `${part.target.padEnd(10)} ${part.name.padEnd(28)} ${part.because}`),
        ...result.findings.map(
          (finding) => `${finding.severity} ${finding.check} ${finding.path ?? ''} ${finding.message}`,
        ),
        '',
        ...(dryRun
          ? result.files.flatMap((file) => [`--- ${file.path}`, file.text])
          : files.map((file) => `wrote ${file}`)),
        ...(dryRun ? [] : ['', 'Next: headgate catalog']),
      ],
    );
    return 0;
  },
};
