export const reportErrors = {
  'report-file-unreadable': (p: { path: string; what: string; because: string }) => ({
    message: `${p.path} could not be read as what \`headgate ${p.what} --json\` prints: ${p.because}.`,
    hint: `Nothing was written or posted. Make it with: headgate ${p.what} --json > ${p.path}`,
    exit: 2 as const,
  }),
  'report-input-missing': () => ({
    message: 'There is nothing to report on.',
    hint: 'Give at least one of --check, --impact and --plan: the files that `headgate check`, `impact` and `plan` print with --json.',
    exit: 2 as const,
  }),
  'report-format-unknown': (p: { format: string; nearest: string | null; known: string }) => ({
    message: `There is no report format "${p.format}".${p.nearest === null ? '' : ` Did you mean "${p.nearest}"?`}`,
    hint: `The formats are: ${p.known}. To a file: --report sarif=headgate.sarif (several times).`,
    exit: 2 as const,
  }),
  'report-not-written': (p: { path: string; because: string }) => ({
    message: `The report ${p.path} could not be written: ${p.because}.`,
    hint: 'What was found stands; only this file is missing. Check that its folder can be written, then run again.',
    exit: 3 as const,
  }),
  'pull-request-not-known': (p: { because: string }) => ({
    message: `Which pull request to comment on is not known: ${p.because}.`,
    hint: 'Nothing was posted. Run it in a workflow that a pull request starts, or give --pull-request <number> with GITHUB_REPOSITORY=<owner>/<name>.',
    exit: 2 as const,
  }),
  'github-token-missing': () => ({
    message: 'There is no token to comment with.',
    hint: 'Nothing was posted. Give the step the environment variable GITHUB_TOKEN (in a workflow: GITHUB_TOKEN: ${{ github.token }}, with the permission pull-requests: write).',
    exit: 2 as const,
  }),
  'github-address-unsafe': (p: { url: string }) => ({
    message: `GITHUB_API_URL is ${p.url}, which is not https.`,
    hint: 'Nothing was sent: a token must not travel in the clear. Give an https address.',
    exit: 2 as const,
  }),
  'github-unreachable': (p: { url: string; because: string }) => ({
    message: `GitHub at ${p.url} gave no answer that can be used: ${p.because}.`,
    hint: 'The comment may be missing or old; the findings stand. Run the step again: it keeps one comment, however often it runs.',
    exit: 3 as const,
  }),
  'github-refused': (p: { act: string; status: number; said: string }) => ({
    message: `GitHub refused to ${p.act} (${p.status}): ${p.said}.`,
    hint: 'The findings stand. Check that the token is valid for this repository and may write pull requests (permissions: pull-requests: write).',
    exit: 3 as const,
  }),
};
