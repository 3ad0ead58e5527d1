import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openCache } from '../../src/base/cache/cache.ts';
import { entryFolder } from '../../src/base/cache/entry-folder.ts';
import type { CheckReport } from '../../src/delivery/checks/report.ts';
import { askedCatalog } from '../../src/workflows/checks/asked-catalog.ts';
import { runChecks } from '../../src/workflows/checks/run-checks.ts';
import { readProject } from '../../src/workflows/project/read-project.ts';

export type RunOptions = { environment?: string | null; only?: string[]; exact?: 'auto' | 'never'; cached?: boolean };

/** A project in a folder of its own, checked as the command line does, with a cache of its own. */
export type KeptWorld = {
  root: string;
  write(path: string, text: string): void;
  text(path: string): string;
  remove(path: string): void;
  /** A new process in all but name: nothing is remembered but what is in the cache. */
  run(options?: RunOptions): Promise<Ran>;
  close(): void;
};
export type Ran = CheckReport & { assets: string[]; said: string[] };

export function openKeptWorld(texts: { [path: string]: string }): KeptWorld {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-kept-')));
  const root = join(home, 'project');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(texts)) write(path, text);
  return {
    root,
    write,
    text: (path) => readFileSync(join(root, path), 'utf8'),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    async run({ environment = null, only = [], exact = 'auto', cached = true } = {}) {
      const cache = cached
        ? openCache({ local: entryFolder(join(home, 'cache')), limitBytes: 1e9, shared: null, writesShared: false })
        : null;
      const reading = await readProject(root);
      const catalog = askedCatalog(reading, { exact, environment, cache }, cache);
      const report = await runChecks({ reading, catalog, environment, only, exact, cache });
      const { assets } = await catalog.get();
      await cache?.close();
      return {
        ...report,
        assets: assets.map(({ key }) => key).sort(),
        said: report.findings
          .filter(({ status }) => status !== 'passed' && status !== 'skipped')
          .map(({ path, check, message }) => `${path} ${check}: ${message}`),
      };
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
