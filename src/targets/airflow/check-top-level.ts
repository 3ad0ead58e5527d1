import type { BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { oneLine, sentence } from './check-dags.ts';
import { dagFinding } from './check-integrity.ts';

type Kind = BridgeDagFile['topLevel'][number]['kind'];

/** What each kind of work costs when it is done while Airflow reads the file, which it does every few seconds. Null: harmless. */
const KINDS: { [Name in Kind]: { does: string; hint: string; severity: Severity } | null } = {
  network: {
    does: 'goes to the network',
    hint: 'Do it inside a task: when the other side is slow or away, every DAG of the file is.',
    severity: 'error',
  },
  'metadata-db': {
    does: 'asks Airflow’s own database',
    hint: 'Do it inside a task, or use a template: it loads the database at each reading.',
    severity: 'warning',
  },
  subprocess: { does: 'starts a process', hint: 'Do it inside a task.', severity: 'error' },
  'file-write': { does: 'writes or removes a file', hint: 'Do it inside a task.', severity: 'error' },
  variable: {
    does: 'reads an Airflow Variable',
    hint: 'Use {{ var.value.name }} in a template, or read it inside a task.',
    severity: 'warning',
  },
  connection: { does: 'reads an Airflow Connection', hint: 'Read it inside a task.', severity: 'warning' },
  slow: { does: 'takes long', hint: 'Move the work into a task, or import heavy packages there.', severity: 'warning' },
  output: null,
};

/** Work that a file does while it is read. In files that are copied as they are it is only worth a warning. */
export function judgeTopLevel(files: readonly BridgeDagFile[], isLegacy: (path: string) => boolean): Finding[] {
  return files.flatMap((file) =>
    withoutRepeats(file.topLevel).flatMap((work) => judgeWork(file.path, work, isLegacy(file.path))),
  );
}

function judgeWork(path: string, work: BridgeDagFile['topLevel'][number], legacy: boolean): Finding[] {
  const kind = KINDS[work.kind];
  if (kind === null) return [];
  const message = sentence(`This file ${kind.does} each time Airflow reads it: ${oneLine(work.detail)}`);
  const severity = legacy ? 'warning' : kind.severity;
  return [dagFinding({ check: 'dag-top-level', path, line: work.line, message, hint: kind.hint, severity })];
}

/** A loop does the same on the same line many times. */
function withoutRepeats(topLevel: BridgeDagFile['topLevel']): BridgeDagFile['topLevel'] {
  return topLevel.filter(
    (work, index) => topLevel.findIndex((other) => other.kind === work.kind && other.line === work.line) === index,
  );
}
