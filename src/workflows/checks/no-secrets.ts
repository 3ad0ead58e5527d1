import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { findSecrets } from '../../delivery/checks/secrets/find-secrets.ts';
import type { Finding } from '../../model/finding.ts';
import { keeperFor } from './engine/by-file.ts';
import { KeptFinding } from './engine/kept-finding.ts';
import type { ProjectCheck } from './project-check.ts';

/** Files larger than this hold data; nobody types a secret into them. Bytes. */
const LARGEST = 2 * 1024 * 1024;

export const noSecrets: ProjectCheck = {
  name: 'no-secrets',
  title: 'No secret is written in a file',
  dependsOn: ['project-files'],
  async run({ reading, cache }) {
    const findings: Finding[] = [];
    const keep = await keeperFor(cache, 'no-secrets', z.array(KeptFinding));
    for (const [index, { path, size }] of reading.files.entries.entries()) {
      if (index % 100 === 99) await setImmediate();
      if (size > LARGEST) continue;
      const text = reading.files.text(path);
      if (text !== null) findings.push(...(await keep([path, text], () => findSecrets(path, text))));
    }
    return findings;
  },
};
