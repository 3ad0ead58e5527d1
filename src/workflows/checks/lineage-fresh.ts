import { gitLine } from '../../base/git/run-git.ts';
import { observedJobs } from '../../delivery/catalog/observed-jobs.ts';
import type { Asset } from '../../model/asset.ts';
import { failed, skipped } from '../../model/check-finding.ts';
import { folderOf } from '../../model/join-path.ts';
import type { ProjectCheck } from './project-check.ts';

const NAME = 'lineage-fresh';

export const lineageFresh: ProjectCheck = {
  name: NAME,
  title: 'What was seen of jobs is newer than their code',
  dependsOn: ['discovery', 'revision'],
  async identity({ reading }) {
    return gitLine(reading.root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']) ?? 'no commit';
  },
  async run({ reading, catalog }) {
    const byKey = new Map(catalog.assets.map((asset) => [asset.key, asset]));
    const observed = observedJobs(catalog.assets).flatMap(({ observer, of }) => {
      const asset = of === null ? undefined : byKey.get(of);
      return asset === undefined ? [] : [{ observer, asset }];
    });
    if (observed.length === 0) return [skipped(NAME, 'No runs of jobs of this project were seen.')];
    return observed.flatMap(({ observer, asset }) => {
      const changed = changedAt(reading.root, asset);
      const seen = String(observer.facts.eventTime);
      if (changed === null || Date.parse(seen) >= Date.parse(changed)) return [];
      return [
        failed(NAME, {
          asset: asset.key,
          path: observer.path,
          line: observer.line,
          severity: 'warning',
          message: `What \`${asset.key}\` reads and writes was seen at ${seen}, before its code changed at ${changed}.`,
          hint: 'Run it, and keep the events of that run.',
        }),
      ];
    });
  },
};

/** When the folder of an asset's code was last committed to; null where Git does not know it. */
function changedAt(root: string, { path }: Asset): string | null {
  if (path === null) return null;
  return gitLine(root, ['log', '-1', '--format=%cI', '--', folderOf(path) || '.']) || null;
}
