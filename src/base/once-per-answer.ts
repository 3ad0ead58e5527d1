let answer = 0;

/** Begins another answer: what `oncePerAnswer` holds is asked for again. Only a process that answers several times calls it. */
export function beginAnswer(): void {
  answer += 1;
}

/** `ask`, called once for each answer of this process; for what a process looks up on its machine and takes to stay as it is. */
export function oncePerAnswer<Value>(ask: () => Value): () => Value {
  let known: { answer: number; value: Value } | null = null;
  return () => {
    if (known?.answer !== answer) known = { answer, value: ask() };
    return known.value;
  };
}
