import { readYaml } from '../../base/yaml/yaml-document.ts';
import { judgeLock } from '../../delivery/checks/lock/judge-lock.ts';
import { readLock } from '../../delivery/checks/lock/lock-text.ts';
import { wantedRuntimes } from '../../delivery/checks/lock/wanted-runtimes.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import { lockFileName } from '../../model/runtime-lock.ts';
import { baseRuntimes, heldVersions } from '../lock/base-runtimes.ts';
import type { ProjectCheck } from './project-check.ts';

export const runtimeLock: ProjectCheck = {
  name: 'runtime-lock',
  title: 'The runtime lock is there, is up to date, and is what this machine runs',
  dependsOn: ['project-files', 'settings', 'lock', 'runtime'],
  async run({ reading }) {
    const { project, files, declared } = reading;
    const text = files.text(lockFileName);
    const yaml = readYaml(files.text(projectFileName) ?? '');
    return judgeLock({
      project,
      declared,
      wanted: wantedRuntimes({ project, files, bases: baseRuntimes() }),
      reading: text === null ? null : readLock(text),
      held: heldVersions(),
      lineOf: (at) => yaml.lineOf(at),
    });
  },
};
