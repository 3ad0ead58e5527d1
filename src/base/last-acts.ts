/** What is done at once when somebody ends this process, as Ctrl-C does. Each act must be quick and must not throw. */
const acts = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Carries out `act` if this process is ended by a signal before the function that is given back was called. Where nobody else listens
 * to the signal, the process then ends by it, as it would have without this.
 */
export function atTheEnd(act: () => void): () => void {
  if (acts.size === 0) for (const signal of SIGNALS) process.on(signal, end);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size === 0) for (const signal of SIGNALS) process.off(signal, end);
  };
}

function end(signal: NodeJS.Signals): void {
  const isOurs = process.listenerCount(signal) === 1;
  // Others that listen decide what ends; they end what they started as they always do.
  if (!isOurs) return;
  for (const act of acts) act();
  for (const one of SIGNALS) process.off(one, end);
  process.kill(process.pid, signal);
}
