import { resolve } from 'node:path';
import { openBundleStore } from '../../../base/bundle-store.ts';
import type { Cache } from '../../../base/cache/cache.ts';
import { fail } from '../../../base/errors.ts';
import { signingKeyAt } from '../../../base/signing-keys.ts';
import type { Catalog } from '../../../delivery/catalog/catalog.ts';
import type { CheckReport } from '../../../delivery/checks/report.ts';
import { blocks } from '../../../model/finding.ts';
import { attachFindings } from '../../../workflows/bundle/attach-documents.ts';
import { bundleFolder, signingKeyFile } from '../../../workflows/bundle/bundle-place.ts';
import { type MadeBundle, makeBundle } from '../../../workflows/bundle/make-bundle.ts';
import { givenCatalog } from '../../../workflows/checks/asked-catalog.ts';
import { openCheckCache } from '../../../workflows/checks/open-check-cache.ts';
import { runChecks } from '../../../workflows/checks/run-checks.ts';
import { buildCatalog } from '../../../workflows/project/build-catalog.ts';
import { type ProjectReading, readProject } from '../../../workflows/project/read-project.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { headgateVersion } from '../version/show.ts';
import { bundleJson, bundleLines } from './show-bundle.ts';

/** `headgate bundle`: see docs/bundle.md for the JSON shape. */
export const bundle: Command = {
  words: ['bundle'],
  summary: 'Make the immutable bundle of the project, with its findings, SBOM and provenance',
  arguments: ['[folder]'],
  options: [
    option('--store <folder>', 'where bundles are kept (default: .headgate/bundles of the project)'),
    option(
      '--key <file>',
      'private key that signs findings and provenance (default: .headgate/keys/signing.pem, made when missing)',
    ),
    option('--base <ref>', 'commits after this ref are the change, and their authors its authors'),
    option('--skip-checks', 'do not run the checks; the bundle gets no findings'),
    option('--allow-blocking', 'make the bundle although findings stop a release'),
    option('--static', 'read the text only; do not start Airflow or dbt'),
  ],
  run: runBundle,
};

async function runBundle(invocation: Invocation) {
  const { print, cwd } = invocation;
  print.progress('Reading the project ...');
  const reading = await readProject(resolve(cwd, invocation.arguments[0] ?? '.'));
  const exact = flagOption(invocation, 'static') ? 'never' : 'auto';
  const cache = openCheckCache({ reading, write: false, warn: print.warn });
  const catalog = await buildCatalog(reading, { exact, environment: null, cache });
  const report = await reportFor(invocation, { reading, catalog, exact, cache });
  await cache.close();
  const store = openBundleStore(resolve(cwd, textOption(invocation, 'store') ?? bundleFolder(reading.root)));
  const key = await signingKeyAt(resolve(cwd, textOption(invocation, 'key') ?? signingKeyFile(reading.root)));
  print.progress('Packing ...');
  const base = textOption(invocation, 'base');
  const made: MadeBundle = await makeBundle({ reading, catalog, store, key, base, headgate: headgateVersion() });
  const { name: project } = reading.project;
  if (report !== null) await attachFindings({ store, bundle: made.digest, project, report, key });
  for (const { path, because } of made.leftOut) print.warn(`Left out: ${path} (${because}).`);
  print.result(bundleJson(made, report), () => bundleLines(made, store.folder, report));
  return 0 as const;
}

/** What the checks say, or null when they are skipped. Throws `bundle-blocked` when they stop a release. */
async function reportFor(
  invocation: Invocation,
  read: { reading: ProjectReading; catalog: Catalog; exact: 'auto' | 'never'; cache: Cache },
): Promise<CheckReport | null> {
  if (flagOption(invocation, 'skipChecks')) return null;
  const report = await runChecks({
    ...{ ...read, catalog: givenCatalog(read.catalog), environment: null, only: [] },
    onProgress: ({ done, total, check }) => invocation.print.progress(`[${done}/${total}] ${check}`),
  });
  const blocking = report.findings.filter(blocks);
  const [first] = blocking;
  if (first === undefined || flagOption(invocation, 'allowBlocking')) return report;
  const where = first.path === null ? '' : `${first.path}${first.line === null ? '' : `:${first.line}`}: `;
  throw fail('bundle-blocked', { count: blocking.length, first: `${where}${first.message} [${first.check}]` });
}
