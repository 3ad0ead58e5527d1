import { randomBytes } from 'node:crypto';
import { HTTPException } from 'hono/http-exception';
import { fail, HeadgateError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { withoutPassword } from '../store/open-store.ts';
import type { Plane } from './plane.ts';

const statuses = { 400: 400, 401: 401, 403: 403, 404: 404, 409: 409, 413: 413, 429: 429, 500: 500, 503: 503 } as const;
type Status = keyof typeof statuses;
type ProblemBody = { error: { code: string; message: string; hint: string; exit: number } };

const statusByCode: { [code: string]: Status } = {
  unauthenticated: 401,
  forbidden: 403,
  'too-many-failures': 429,
  'request-too-large': 413,
  'server-failed': 500,
};
const statusByExit: { [exit: number]: Status } = { 0: 400, 1: 409, 2: 400, 3: 503 };

/** What goes out for a failure: its code, message and hint, secrets blotted out; of a bug only a number that the log has too. */
export function problemOf(
  error: unknown,
  plane: Pick<Plane, 'log' | 'database'>,
): { body: ProblemBody; status: Status } {
  const known = asKnown(error, plane);
  const { code, message, hint, exit } = known;
  const notFound = exit === 2 && /(-not-found|-unknown|-not-registered)$/.test(code);
  const status = statusByCode[code] ?? (notFound ? 404 : (statusByExit[exit] ?? 500));
  return { body: { error: { code, message: redact(message), hint, exit } }, status };
}

function asKnown(error: unknown, plane: Pick<Plane, 'log' | 'database'>): HeadgateError {
  if (error instanceof HeadgateError) return error;
  if (error instanceof HTTPException && error.status < 500) {
    return fail('request-invalid', { problem: error.message }, error);
  }
  if (isDatabaseTrouble(error))
    return fail('database-unreachable', { url: withoutPassword(plane.database.url) }, error);
  const request = randomBytes(6).toString('hex');
  plane.log(
    'bug',
    `request ${request}: ${redact(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
  );
  return fail('server-failed', { request }, error);
}

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** True when the database could not be asked, as opposed to answering no. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && lostCodes.has(error.code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseTrouble);
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i.test(
    error.message,
  );
}
