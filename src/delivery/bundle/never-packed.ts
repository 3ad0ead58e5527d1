type Rule = { pattern: RegExp; because: string };

const folderRules: readonly Rule[] = [
  { pattern: /^\.(git|hg|svn)$/, because: 'it belongs to version control' },
  { pattern: /^\.headgate$/, because: 'it is what Headgate itself keeps' },
  {
    pattern: /^(__pycache__|\.venv|venv|node_modules|\.mypy_cache|\.pytest_cache|\.ruff_cache)$/,
    because: 'it can be made again',
  },
  { pattern: /^\.(ssh|aws|gnupg|kube|docker)$/, because: 'it holds credentials' },
];

const fileRules: readonly Rule[] = [
  { pattern: /^\.env(\.(?!(example|sample|template|dist)$).*)?$/, because: 'it holds secrets' },
  {
    pattern: /^(id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.pypirc|\.npmrc|\.dockercfg|\.git-credentials)$/,
    because: 'it holds credentials',
  },
  { pattern: /\.(p12|pfx|jks|keystore|kdbx|ppk)$/i, because: 'it holds keys' },
  { pattern: /\.tfstate(\.backup)?$/, because: 'Terraform keeps secrets in its state' },
  { pattern: /\.py[co]$|^\.DS_Store$/, because: 'it can be made again' },
];

/** Why a file never goes into a bundle whatever headgate.yaml says, by its path; null when it may. */
export function neverPacked(path: string): string | null {
  const pieces = path.split('/');
  const name = pieces.pop() ?? '';
  const byFolder = pieces.flatMap((piece) => folderRules.filter((rule) => rule.pattern.test(piece)));
  const rule = byFolder[0] ?? fileRules.find((candidate) => candidate.pattern.test(name));
  return rule?.because ?? null;
}

/** True for text that holds a private key in PEM. */
export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=:]/.test(text);
}
