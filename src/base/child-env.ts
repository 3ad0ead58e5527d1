/** What any program needs to run at all; nothing here is Headgate's or a secret's. */
const always =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|LANGUAGE|TZ|TMPDIR|TEMP|TMP|JAVA_HOME|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|(HTTP|HTTPS|NO|ALL)_PROXY|(http|https|no|all)_proxy|AWS_(REGION|DEFAULT_REGION|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)|HEADGATE_(CACHE|PYTHON))$/;

/**
 * The environment for code of a project: what any program needs, the variables that its secret references name
 * (`env:NAME`), and `more`. The rest of this process's environment, such as its database's address, stays here.
 */
export function childEnv(references: readonly string[], more: Record<string, string>): Record<string, string> {
  const named = new Set(references.flatMap((reference) => (reference.startsWith('env:') ? [reference.slice(4)] : [])));
  const passed = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && (always.test(name) || named.has(name)) ? [[name, value]] : [],
  );
  return { ...Object.fromEntries(passed), ...more };
}
