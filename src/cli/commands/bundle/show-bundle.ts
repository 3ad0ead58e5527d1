import pc from 'picocolors';
import type { CheckReport } from '../../../delivery/checks/report.ts';
import { shortOf } from '../../../model/identifiers.ts';
import type { MadeBundle } from '../../../workflows/bundle/make-bundle.ts';

/** The shape of `bundle --json`, as docs/bundle.md has it. */
export function bundleJson(made: MadeBundle, report: CheckReport | null) {
  const { digest, size, content, written, leftOut } = made;
  return {
    digest,
    size,
    project: content.project,
    assets: content.assets.map(({ key, kind, path, owner, part }) => ({ key, kind, path, owner, part })),
    parts: content.parts.map(({ part, target, name, blob, bytes, files, units }) => ({
      ...{ part, target, name, blob, bytes, files },
      written: written.includes(blob),
      units: units.map(({ unit, fingerprint }) => ({ unit, fingerprint })),
    })),
    environments: content.environments.map(({ name }) => name),
    findings: report?.summary ?? null,
    leftOut,
  };
}

/** The bundle as people read it. */
export function bundleLines(made: MadeBundle, folder: string, report: CheckReport | null): string[] {
  const { digest, size, content, written } = made;
  const width = Math.max(...content.parts.map(({ part }) => part.length));
  return [
    ...content.parts.map(({ part, blob, files, bytes }) => {
      const state = written.includes(blob) ? pc.green('new') : pc.dim('unchanged');
      return `  ${part.padEnd(width)}  ${shortOf(blob)}  ${`${files} files`.padStart(11)}  ${readable(bytes).padStart(9)}  ${state}`;
    }),
    '',
    `${pc.bold(digest)}`,
    pc.dim(`${content.assets.length} assets, ${readable(size)}, ${findingsLine(report)}; kept in ${folder}`),
  ];
}

function findingsLine(report: CheckReport | null): string {
  if (report === null) return 'no findings (checks were skipped)';
  return `${report.findings.length} signed findings`;
}

function readable(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
