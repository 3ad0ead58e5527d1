import { generateKeyPairSync, sign } from 'node:crypto';
import { leafOf } from '../src/delivery/audit/entry.ts';
import { type Figure, medianOf } from './measure.ts';

const count = 20_000;

/** How fast leaves of the audit log are hashed and heads signed. */
export async function auditLog(): Promise<Figure[]> {
  const texts = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ seq: index, action: 'step.done', subject: `rel-${index}/3` }),
  );
  const { privateKey } = generateKeyPairSync('ed25519');
  const hashed = await medianOf(5, () => {
    for (const text of texts) leafOf(text);
  });
  const signed = await medianOf(5, () => {
    for (let index = 0; index < 1000; index += 1) sign(null, Buffer.from(texts[index] ?? ''), privateKey);
  });
  return [
    { what: 'audit log: leaves hashed', value: `${perSecond(count, hashed)} a second`, beside: '' },
    { what: 'audit log: heads signed', value: `${perSecond(1000, signed)} a second`, beside: '' },
  ];
}

function perSecond(acts: number, spent: number): string {
  return Math.round((acts / spent) * 1000).toLocaleString('en');
}
