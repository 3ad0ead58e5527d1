import { z } from 'zod';
import type { Severity } from '../../../model/finding.ts';

/** One thing that a report complains about. `path` is relative to the project; `severity` and `hint` null: it says none. */
export type LineMark = {
  path: string | null;
  line: number | null;
  message: string;
  severity: Severity | null;
  hint: string | null;
};

const JsonLine = z.object({
  message: z.string(),
  path: z.string().nullish(),
  line: z.number().int().min(1).nullish(),
  severity: z.enum(['error', 'warning', 'note']).nullish(),
  hint: z.string().nullish(),
});

/** One JSON object a line; null when a line is none. */
export function readJsonLines(text: string): LineMark[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const marks = lines.map((line) => JsonLine.safeParse(parsed(line)));
  if (marks.some(({ success }) => !success)) return null;
  return marks.flatMap(({ data }) =>
    data === undefined
      ? []
      : [
          {
            ...{ path: placed(data.path ?? null), line: data.line ?? null, message: data.message },
            ...{ severity: data.severity ?? null, hint: data.hint ?? null },
          },
        ],
  );
}

const SarifPlace = z.object({
  physicalLocation: z.object({
    artifactLocation: z.object({ uri: z.string().optional() }).optional(),
    region: z.object({ startLine: z.number().optional() }).optional(),
  }),
});
const Sarif = z.object({
  runs: z.array(
    z.object({
      results: z
        .array(
          z.object({
            ruleId: z.string().optional(),
            level: z.enum(['none', 'note', 'warning', 'error']).optional(),
            kind: z.string().optional(),
            message: z.object({ text: z.string().optional() }),
            locations: z.array(SarifPlace).optional(),
            suppressions: z.array(z.unknown()).optional(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** The results of a SARIF 2.1.0 file, those that it suppresses or that passed left out; null when it is none. */
export function readSarif(text: string): LineMark[] | null {
  const { success, data } = Sarif.safeParse(parsed(text));
  if (!success) return null;
  const results = data.runs.flatMap((run) => run.results ?? []);
  const counted = results.filter(
    ({ kind, suppressions }) => (kind === undefined || kind === 'fail') && (suppressions ?? []).length === 0,
  );
  return counted.map(({ ruleId, level, message, locations }) => {
    const place = locations?.[0]?.physicalLocation;
    const rule = ruleId === undefined ? '' : ` [${ruleId}]`;
    return {
      path: placed(place?.artifactLocation?.uri ?? null),
      line: place?.region?.startLine ?? null,
      message: `${message.text ?? 'It says no more.'}${rule}`,
      severity: level === undefined ? null : level === 'none' ? 'note' : level,
      hint: null,
    };
  });
}

/** The lines that a pattern with the groups path, line and message finds. */
export function marksByPattern(text: string, pattern: string): LineMark[] {
  const expression = new RegExp(pattern);
  return text.split('\n').flatMap((line) => {
    const groups = expression.exec(line)?.groups;
    if (groups?.message === undefined) return [];
    const number = Number(groups.line);
    return [
      {
        ...{ path: placed(groups.path ?? null), message: groups.message, severity: null, hint: null },
        line: Number.isInteger(number) && number > 0 ? number : null,
      },
    ];
  });
}

/** A path as the project has it; what leads out of it names no file of it. */
function placed(path: string | null): string | null {
  const inside = path?.replace(/^file:\/\//, '').replace(/^\.\//, '') ?? null;
  return inside === null || inside.startsWith('/') || inside.split('/').includes('..') ? null : inside;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
