import { setImmediate } from 'node:timers/promises';
import { findSecrets } from '../../delivery/checks/secrets/find-secrets.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectCheck } from './project-check.ts';

/** Files larger than this hold data; nobody types a secret into them. Bytes. */
const LARGEST = 2 * 1024 * 1024;

export const noSecrets: ProjectCheck = {
  name: 'no-secrets',
  title: 'No secret is written in a file',
  dependsOn: ['project-files'],
  async run({ reading }) {
    const findings: Finding[] = [];
    for (const [index, { path, size }] of reading.files.entries.entries()) {
      if (index % 100 === 99) await setImmediate();
      if (size > LARGEST) continue;
      const text = reading.files.text(path);
      if (text !== null) findings.push(...findSecrets(path, text));
    }
    return findings;
  },
};
