/**
 * How long GitHub wants us to wait before we ask again, in seconds; null when its answer is final. It limits the rate with
 * 403 or 429 and says so by `retry-after`, by `x-ratelimit-remaining: 0`, or only in words.
 */
export async function waitSeconds(response: Response, attempt: number): Promise<number | null> {
  const { status, headers } = response;
  const growing = 2 ** (attempt - 1);
  if (status >= 500) return numberIn(headers.get('retry-after')) ?? growing;
  if (status !== 403 && status !== 429) return null;
  const after = numberIn(headers.get('retry-after'));
  if (after !== null) return after;
  if (headers.get('x-ratelimit-remaining') === '0') return untilReset(headers) ?? growing;
  return status === 429 || /rate limit|abuse detection/i.test(await response.clone().text()) ? growing : null;
}

/** By GitHub's own clock, so that a wrong one here does no harm. */
function untilReset(headers: Headers): number | null {
  const reset = numberIn(headers.get('x-ratelimit-reset'));
  const now = Date.parse(headers.get('date') ?? '');
  return reset === null || Number.isNaN(now) ? null : Math.max(1, Math.ceil(reset - now / 1000));
}

function numberIn(text: string | null): number | null {
  const number = Number(text ?? 'none');
  return Number.isFinite(number) && number >= 0 ? number : null;
}
