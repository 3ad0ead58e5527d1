/** How often in a row a step may leave us unable to tell before the rollout is stuck: with the pauses below, about ten minutes. */
export const attemptLimit = 8;

/** The pause after the given number of unclear attempts (1 for the first): 5 s, doubled each time, at most 5 minutes. */
export function pauseSeconds(attempts: number): number {
  return Math.min(5 * 2 ** Math.max(0, attempts - 1), 300);
}
