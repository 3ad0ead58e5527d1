/** Where answers are shared: a folder, or a prefix of a bucket. */
export type SharedPlace = { kind: 'folder'; folder: string } | { kind: 's3'; bucket: string; prefix: string };

/** Variables that this decision reads, by name. */
export type Variables = { [name: string]: string | undefined };

/** The place that a text such as `s3://bucket/prefix` or `/mnt/cache` names. */
function parseSharedPlace(text: string): SharedPlace {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(text);
  if (match === null) return { kind: 'folder', folder: text };
  return { kind: 's3', bucket: match[1] ?? '', prefix: (match[2] ?? '').replace(/\/+$/, '') };
}

/** HEADGATE_SHARED_CACHE, else what headgate.yaml says; an empty text is none. */
export function sharedPlaceOf(variables: Variables, declared: string | null): SharedPlace | null {
  const text = variables.HEADGATE_SHARED_CACHE ?? declared ?? '';
  return text === '' ? null : parseSharedPlace(text);
}

/**
 * Whether this run may write to the shared cache. Everybody believes what is in it, so whoever can write can make a check pass
 * that would fail: only when told (`asked`), or in a build of a branch that headgate.yaml trusts. A build of a pull request
 * never counts as one of its branch, since its author wrote that headgate.yaml.
 */
export function mayWriteShared(variables: Variables, trustedRefs: readonly string[], asked: boolean): boolean {
  if (asked) return true;
  const ref = builtRef(variables);
  return ref !== null && trustedRefs.some((pattern) => matches(pattern, ref));
}

/** The branch that a CI builds; null where nobody builds, or a pull request is built. */
function builtRef(variables: Variables): string | null {
  const { GITHUB_ACTIONS, GITHUB_EVENT_NAME, GITHUB_REF, GITLAB_CI, CI_MERGE_REQUEST_IID, CI_COMMIT_BRANCH } =
    variables;
  if (GITHUB_ACTIONS !== undefined) {
    if (GITHUB_EVENT_NAME?.startsWith('pull_request') === true || GITHUB_EVENT_NAME === 'merge_group') return null;
    return GITHUB_REF?.startsWith('refs/heads/') === true ? GITHUB_REF.slice('refs/heads/'.length) : null;
  }
  if (GITLAB_CI !== undefined) return CI_MERGE_REQUEST_IID === undefined ? (CI_COMMIT_BRANCH ?? null) : null;
  return null;
}

/** `*` stands for anything but a slash at the end of a name. */
function matches(pattern: string, ref: string): boolean {
  if (!pattern.endsWith('*')) return pattern === ref;
  const head = pattern.slice(0, -1);
  return ref.startsWith(head) && ref.length > head.length && !ref.slice(head.length).includes('/');
}
