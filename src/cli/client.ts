import { z } from 'zod';
import { fail } from '../base/errors.ts';
import { type Endpoint, follow, type HttpRequest, sendJson } from '../base/http.ts';
import {
  AskedRelease,
  AskedToggle,
  AuditEntryShape,
  AuditKeys,
  AuditTexts,
  BundleShape,
  CollectionShape,
  type CollectionWish,
  EnvironmentHealth,
  EnvironmentShape,
  type EnvironmentWish,
  EventShape,
  InclusionProof,
  NewToken,
  PlannedShape,
  ReleaseBrief,
  ReleaseShape,
  RolloutShape,
  SignedHeadShape,
  Status,
  ToggleShape,
  Token,
  type TokenWish,
  TrustedKeyShape,
  Whoami,
} from '../server/contract.ts';
import { signedIn } from './sign-in.ts';

/** The API of the control plane, in the shapes of the contract. */
export type Client = ReturnType<typeof clientOf>;

/** A client for the control plane that this person has signed in to. */
export async function openClient(): Promise<Client> {
  return clientOf(await signedIn());
}

export function clientOf(endpoint: Endpoint) {
  const ask = <Shape extends z.ZodType>(shape: Shape, request: HttpRequest) => asked(endpoint, shape, request);
  const get = <Shape extends z.ZodType>(shape: Shape, path: string) => ask(shape, { method: 'GET', path });
  const post = <Shape extends z.ZodType>(shape: Shape, path: string, body?: unknown) =>
    ask(shape, { method: 'POST', path, body });
  return {
    endpoint,
    whoami: () => get(Whoami, '/whoami'),
    status: (environment: string | null) => get(Status, `/status${query({ environment })}`),
    health: (environment: string) => get(EnvironmentHealth, `/environments/${encodeURIComponent(environment)}/health`),
    createToken: (wish: TokenWish) => post(NewToken, '/tokens', wish),
    tokens: async () => (await get(z.object({ tokens: z.array(Token) }), '/tokens')).tokens,
    revokeToken: (id: string) => ask(z.unknown(), { method: 'DELETE', path: `/tokens/${encodeURIComponent(id)}` }),
    keys: async () => (await get(z.object({ keys: z.array(TrustedKeyShape) }), '/keys')).keys,
    trustKey: (wish: { name: string; publicPem: string }) => post(z.object({ keyId: z.string() }), '/keys', wish),
    revokeKey: (id: string) => ask(z.unknown(), { method: 'DELETE', path: `/keys/${encodeURIComponent(id)}` }),
    environments: async () =>
      (await get(z.object({ environments: z.array(EnvironmentShape) }), '/environments')).environments,
    setEnvironment: (wish: EnvironmentWish) =>
      ask(z.object({ environment: EnvironmentShape, changes: z.array(z.string()) }), {
        method: 'PUT',
        path: '/environments',
        body: wish,
      }),
    collect: (environment: string, wish: CollectionWish) =>
      post(CollectionShape, `/environments/${encodeURIComponent(environment)}/collections`, wish),
    bundle: (digest: string) => get(BundleShape, `/bundles/${digest}`),
    plan: (bundle: string, environment: string) => post(PlannedShape, '/plans', { bundle, environment }),
    askRelease: (bundle: string, environment: string) => post(AskedRelease, '/releases', { bundle, environment }),
    release: (id: string) => get(ReleaseShape, `/releases/${encodeURIComponent(id)}`),
    releases: async (filter: { environment: string | null; limit: number }) =>
      (await get(z.object({ releases: z.array(ReleaseBrief) }), `/releases${query(filter)}`)).releases,
    approve: (id: string, word: { plan: string; decision: 'approve' | 'reject'; comment: string }) =>
      post(AskedRelease, `/releases/${encodeURIComponent(id)}/approvals`, word),
    rollBack: (wish: { environment: string; project: string | null; to: string | null }) =>
      post(AskedRelease, '/rollbacks', wish),
    toggle: (wish: { environment: string; asset: string; way: 'disable' | 'enable'; reason: string }) =>
      post(AskedToggle, '/toggles', wish),
    toggleState: (id: string) => get(ToggleShape, `/toggles/${encodeURIComponent(id)}`),
    rollout: (id: string) => get(RolloutShape, `/rollouts/${encodeURIComponent(id)}`),
    resume: (id: string, wish: { way: 'forward' | 'backward' | 'abandon'; because: string }) =>
      post(RolloutShape, `/rollouts/${encodeURIComponent(id)}/resume`, wish),
    entries: async (filter: { before: number | null; subject: string | null; limit: number }) =>
      (await get(z.object({ entries: z.array(AuditEntryShape) }), `/audit/entries${query(filter)}`)).entries,
    auditTexts: async (from: number) => (await get(AuditTexts, `/audit/texts${query({ from, limit: 5000 })}`)).texts,
    signHead: () => post(SignedHeadShape, '/audit/heads'),
    heads: async () => (await get(z.object({ heads: z.array(SignedHeadShape) }), '/audit/heads')).heads,
    auditKeys: async () => (await get(AuditKeys, '/audit/keys')).keys,
    proof: (index: number) => get(InclusionProof, `/audit/proofs/${index}`),
    async *events(filter: { after: number; release: string }, signal: AbortSignal): AsyncGenerator<EventShape> {
      const following = follow(endpoint, `/events${query(filter)}`, { signal, patienceSeconds: 60 });
      for await (const { data } of following) yield EventShape.parse(JSON.parse(data));
    },
  };
}

async function asked<Shape extends z.ZodType>(
  endpoint: Endpoint,
  shape: Shape,
  request: HttpRequest,
): Promise<z.output<Shape>> {
  const read = shape.safeParse(await sendJson(endpoint, request));
  if (read.success) return read.data;
  const because = `its answer to ${request.method} ${request.path} has another shape; update the older of the two`;
  throw fail('server-answer-unreadable', { url: endpoint.url, because }, read.error);
}

function query(fields: { [name: string]: string | number | null }): string {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
}
