import { catalogue } from './error-catalogue/catalogue.ts';

/** Exit statuses of the command line: 0 yes, 1 no, 2 wrong use, 3 could not tell. */
export type ExitStatus = 0 | 1 | 2 | 3;

/** What one entry of the catalogue says, once its parameters are filled in. */
export type ErrorText = { message: string; hint: string; exit: ExitStatus };

type Catalogue = typeof catalogue;
export type ErrorCode = keyof Catalogue;
type ParametersOf<Code extends ErrorCode> = Parameters<Catalogue[Code]>[0];

/**
 * A failure that a person can act on. `code` is a permanent word, `message` says what happened,
 * `hint` what state things are in and what to do. A bug in Headgate stays a plain `Error`.
 */
export class HeadgateError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exit: ExitStatus;

  constructor(code: ErrorCode, text: ErrorText, cause?: unknown) {
    super(text.message, cause === undefined ? undefined : { cause });
    this.name = 'HeadgateError';
    this.code = code;
    this.hint = text.hint;
    this.exit = text.exit;
  }
}

/** Builds the error of `code`; the caller throws it. `cause` keeps what was caught, for `--verbose`. */
export function fail<Code extends ErrorCode>(
  code: Code,
  parameters: ParametersOf<Code>,
  cause?: unknown,
): HeadgateError {
  // The catalogue's entry takes exactly ParametersOf<Code>; the compiler cannot see through the union.
  const entry = catalogue[code] as (p: ParametersOf<Code>) => ErrorText;
  return new HeadgateError(code, entry(parameters), cause);
}

/** True for a failure with this code; narrows nothing else. */
export function isFailure(error: unknown, code: ErrorCode): error is HeadgateError {
  return error instanceof HeadgateError && error.code === code;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
