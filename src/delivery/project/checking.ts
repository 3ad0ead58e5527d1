import { parseDuration } from '../../model/duration.ts';
import type { Severity } from '../../model/finding.ts';
import type { CheckingFields } from './checking-schema.ts';

/** What a check of the team's own writes, and where the report is read from. `file` null: its standard output. */
export type OwnReport = {
  kind: 'exit-status' | 'junit' | 'sarif' | 'json-lines' | 'regex';
  file: string | null;
  pattern: string | null;
};

export type OwnCheck = {
  name: string;
  title: string | null;
  command: string[];
  inputs: string[];
  folder: string;
  report: OwnReport;
  severity: Severity;
  budgetSeconds: number | null;
  variables: string[];
  runtime: string | null;
  mayFlake: boolean;
};

/** `until` is a day such as 2025-12-31, the last on which it counts. */
export type Waiver = {
  check: string;
  path: string | null;
  asset: string | null;
  severity: Severity | 'off';
  because: string;
  until: string;
};
export type Quarantined = { test: string; owner: string; because: string; until: string };

/** What headgate.yaml says of checks. */
export type Checking = {
  own: OwnCheck[];
  waivers: Waiver[];
  quarantine: Quarantined[];
  budgetSeconds: number | null;
  budgets: { [check: string]: number };
  retries: number;
  sharedCache: string | null;
  trustedRefs: string[];
};

const RETRIES = 2;

/** What holds where headgate.yaml says nothing of checks. */
export const plainChecking: Checking = {
  ...{ own: [], waivers: [], quarantine: [], budgetSeconds: null, budgets: {} },
  ...{ retries: RETRIES, sharedCache: null, trustedRefs: [] },
};

export function checkingOf(fields: CheckingFields): Checking {
  const settings = fields['check-settings'];
  return {
    own: (fields.checks ?? []).map(ownCheckOf),
    waivers: (fields.waivers ?? []).map((one) => ({
      ...{ check: one.check, because: one.because, until: one.until },
      ...{ path: one.path ?? null, asset: one.asset ?? null, severity: one.severity ?? 'off' },
    })),
    quarantine: fields.quarantine ?? [],
    budgetSeconds: secondsOf(settings?.budget),
    budgets: Object.fromEntries(
      Object.entries(settings?.budgets ?? {}).map(([check, text]) => [check, secondsOf(text) ?? 0]),
    ),
    retries: settings?.retries ?? RETRIES,
    sharedCache: settings?.['shared-cache'] ?? null,
    trustedRefs: settings?.['trusted-refs'] ?? [],
  };
}

function ownCheckOf(own: NonNullable<CheckingFields['checks']>[number]): OwnCheck {
  return {
    ...{ name: own.name, title: own.title ?? null, command: own.command, inputs: own.inputs },
    folder: own.folder ?? '',
    report: { kind: own.report, file: own['report-file'] ?? null, pattern: own.pattern ?? null },
    severity: own.severity ?? 'error',
    budgetSeconds: secondsOf(own.budget),
    variables: own.variables ?? [],
    runtime: own.runtime ?? null,
    mayFlake: own['may-flake'] ?? false,
  };
}

function secondsOf(text: string | undefined): number | null {
  return text === undefined ? null : parseDuration(text);
}
