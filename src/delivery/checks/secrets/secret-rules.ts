import type { Severity } from '../../../model/finding.ts';

/**
 * One kind of secret that can be told by its form. `pattern` is tried on one line at a time and its group `secret` is
 * what is judged and never printed. `hint` words (lower case) are looked for first: a file without any is not read further.
 * `entropy` is the least Shannon entropy (bits a character) of a real one. `outside` is the severity in tests and documentation.
 */
export type SecretRule = {
  id: string;
  title: string;
  hints: readonly string[];
  pattern: RegExp;
  entropy: number;
  outside: Severity;
};

/** Keys and tokens whose form belongs to one provider. Revoking is always possible, so the finding says whose they are. */
export const secretRules: readonly SecretRule[] = [
  {
    id: 'aws-access-key',
    title: 'An AWS access key',
    hints: ['akia', 'asia'],
    pattern: /(?<![A-Za-z0-9/+])(?<secret>(?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9/+])/g,
    entropy: 3,
    outside: 'error',
  },
  {
    id: 'aws-secret-key',
    title: 'An AWS secret access key',
    hints: ['secret'],
    pattern:
      /aws_?(?:secret)?_?(?:access)?_?(?:secret)?_?key\b["'\s:=>,]{1,12}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    entropy: 4.2,
    outside: 'error',
  },
  {
    id: 'github-token',
    title: 'A GitHub token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /\b(?<secret>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b/g,
    entropy: 3.5,
    outside: 'error',
  },
  {
    id: 'gitlab-token',
    title: 'A GitLab token',
    hints: ['glpat-', 'glrt-', 'gldt-'],
    pattern: /\b(?<secret>gl(?:pat|rt|dt)-[A-Za-z0-9_-]{20,64})\b/g,
    entropy: 3.2,
    outside: 'error',
  },
  {
    id: 'slack-token',
    title: 'A Slack token',
    hints: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xapp-'],
    pattern: /\b(?<secret>(?:xox[abprs]|xapp)-[0-9A-Za-z]{1,14}-[0-9A-Za-z-]{16,200})\b/g,
    entropy: 3,
    outside: 'error',
  },
  {
    id: 'slack-webhook',
    title: 'A Slack webhook address',
    hints: ['hooks.slack.com/'],
    pattern:
      /hooks\.slack\.com\/(?:services|workflows)\/(?<secret>T[A-Z0-9]{7,12}\/[A-Z0-9]{7,14}\/[A-Za-z0-9/]{16,})/g,
    entropy: 3.2,
    outside: 'error',
  },
  {
    id: 'google-api-key',
    title: 'A Google API key',
    hints: ['aiza'],
    pattern: /\b(?<secret>AIza[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])/g,
    entropy: 3.8,
    outside: 'error',
  },
  {
    id: 'stripe-key',
    title: 'A Stripe live key',
    hints: ['k_live_'],
    pattern: /\b(?<secret>[rs]k_live_[0-9A-Za-z]{20,120})\b/g,
    entropy: 3.5,
    outside: 'error',
  },
  {
    id: 'sendgrid-key',
    title: 'A SendGrid key',
    hints: ['sg.'],
    pattern: /\b(?<secret>SG\.[\w-]{22}\.[\w-]{43})(?![\w-])/g,
    entropy: 3.8,
    outside: 'error',
  },
  {
    id: 'databricks-token',
    title: 'A Databricks token',
    hints: ['dapi'],
    pattern: /\b(?<secret>dapi[0-9a-f]{32}(?:-\d)?)\b/g,
    entropy: 3,
    outside: 'error',
  },
  {
    id: 'package-token',
    title: 'A package registry token',
    hints: ['npm_', 'pypi-'],
    pattern: /\b(?<secret>npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,})\b/g,
    entropy: 3.5,
    outside: 'error',
  },
  {
    id: 'model-key',
    title: 'A language model provider key',
    hints: ['sk-ant-', 'sk-proj-', 't3blbkfj'],
    pattern: /\b(?<secret>sk-ant-[\w-]{40,}|sk-proj-[\w-]{40,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})(?![\w-])/g,
    entropy: 3.8,
    outside: 'error',
  },
  {
    id: 'dbt-cloud-token',
    title: 'A dbt Cloud token',
    hints: ['dbtc_', 'dbtu_', 'dbts_'],
    pattern: /\b(?<secret>dbt[cus]_[A-Za-z0-9_-]{30,})\b/g,
    entropy: 3.5,
    outside: 'error',
  },
  {
    id: 'azure-storage-key',
    title: 'An Azure storage key',
    hints: ['accountkey='],
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/gi,
    entropy: 4,
    outside: 'warning',
  },
  {
    id: 'private-key',
    title: 'A private key',
    hints: ['private key'],
    pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?<secret>)/g,
    entropy: 0,
    outside: 'warning',
  },
  {
    id: 'url-password',
    title: 'A password inside a connection address',
    hints: ['://'],
    pattern:
      /\b(?<scheme>[a-z][a-z0-9]{1,20}(?:\+[a-z0-9]{1,20})?):\/\/(?<user>[^\s:/@"'`<>?#]{0,64}):(?<secret>[^\s/@"'`<>]{3,128})@(?<host>[A-Za-z0-9_.${}[\]-]{1,128})/g,
    entropy: 0,
    outside: 'warning',
  },
];
