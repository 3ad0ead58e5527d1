import { fail, messageOf } from '../../base/errors.ts';
import type { S3Place } from './home-settings.ts';

/** The few calls the release home makes of an object store. Keys are whole keys; `etag` names one version of the bytes. */
export type S3Calls = {
  get(key: string): Promise<{ bytes: Uint8Array; etag: string } | null>;
  /** Null when the condition did not hold. */
  put(key: string, bytes: Uint8Array, condition: PutCondition): Promise<string | null>;
  remove(key: string): Promise<void>;
  /** All keys that begin with the prefix, in order. */
  keys(prefix: string): Promise<string[]>;
  close(): void;
};
export type PutCondition = { IfMatch?: string; IfNoneMatch?: '*' };

/** The only file that knows the AWS SDK; loaded when an S3 home is opened. Throws `aws-sdk-missing`, `target-unreachable`, `s3-refused`. */
export async function s3Calls(place: S3Place): Promise<S3Calls> {
  const sdk = await import('@aws-sdk/client-s3').catch((error: unknown) => {
    throw fail('aws-sdk-missing', { package: '@aws-sdk/client-s3' }, error);
  });
  const client = new sdk.S3Client({
    region: place.region,
    ...(place.endpoint === null ? {} : { endpoint: place.endpoint, forcePathStyle: true }),
    maxAttempts: 4,
  });
  const Bucket = place.bucket;
  const address = (key: string) => `s3://${Bucket}/${key}`;
  return {
    async get(Key) {
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket, Key }));
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { bytes, etag: answer.ETag ?? '' };
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') return null;
        throw explain(error, place, address(Key));
      }
    },
    async put(Key, Body, condition) {
      try {
        return (await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...condition }))).ETag ?? '';
      } catch (error) {
        if (lostCondition(error)) return null;
        throw explain(error, place, address(Key));
      }
    },
    async remove(Key) {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key })).catch((error: unknown) => {
        throw explain(error, place, address(Key));
      });
    },
    async keys(Prefix) {
      const found: string[] = [];
      try {
        for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix }))
          for (const entry of page.Contents ?? []) if (entry.Key !== undefined) found.push(entry.Key);
      } catch (error) {
        throw explain(error, place, address(Prefix));
      }
      return found;
    },
    close: () => client.destroy(),
  };
}

/** 412: what is there is something else. 409: somebody writes at this moment. 404 with If-Match: it is gone. */
function lostCondition(error: unknown): boolean {
  return ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(nameOf(error));
}

const REFUSALS: { [name: string]: string } = {
  AccessDenied: 'these credentials may not do that there',
  NoSuchBucket: 'there is no such bucket',
  InvalidAccessKeyId: 'the access key is not known',
  SignatureDoesNotMatch: 'the secret key is wrong',
  ExpiredToken: 'the credentials have expired',
  CredentialsProviderError: 'no AWS credentials were found',
};

function explain(error: unknown, place: S3Place, address: string): Error {
  const because = REFUSALS[nameOf(error)];
  if (because !== undefined) return fail('s3-refused', { address, because }, error);
  const endpoint = place.endpoint ?? `s3.${place.region}.amazonaws.com`;
  return fail('target-unreachable', { target: address, endpoint: `${endpoint} (${messageOf(error)})` }, error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
