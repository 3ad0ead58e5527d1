import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadgateError } from '../../base/errors.ts';
import { protobufCases } from '../cases/protobuf-cases.ts';
import type { ProtoFile } from './proto-schema.ts';
import { readPlainProto } from './read-plain-proto.ts';
import { readByLibrary } from './read-protobuf.ts';

const rich = `// Orders.
syntax = "proto3";
package shop.orders;
message Order {
  reserved 4, 10 to 12; reserved "old", 'older';
  message Line { string name = 1; optional int64 count = 2; Order parent = 3; Kind kind = 5; }
  enum Kind { NONE = 0; BIG = 5; LESS = -1; reserved 9; }
  repeated Line lines = 1; /* several */
  map<string, Line> by_name = 2;
  map<int32, bytes> raw_9_ = 3;
  oneof choice { string text = 5; Kind kind = 6; Line line = 7; }
  repeated Kind kinds = 8;
  Other other = 9;
}
message Other { Order.Line line = 1; }
enum Kind { ZERO = 0; }
`;
const files = [
  rich,
  rich.replace('Order.Line line', 'Order line'),
  'syntax = "proto2"; message A { required int32 a = 1; optional B b = 2; repeated E e = 3; oneof c { bool d = 4; } } message B {} enum E { X = 3; Y = 1; }',
];

function byLibrary(text: string): ProtoFile | null {
  try {
    return readByLibrary({ name: 'main', text }, []).file;
  } catch (error) {
    if (error instanceof HeadgateError) return null;
    throw error;
  }
}

test('plain files are read as the library reads them', () => {
  const texts = [...files, ...protobufCases.flatMap(({ reader, writer }) => [reader, writer])];
  const plain = texts.filter((text) => readPlainProto(text) !== null);
  assert.ok(plain.length > texts.length / 2, `${plain.length} of ${texts.length}`);
  for (const text of plain) assert.deepEqual(readPlainProto(text), byLibrary(text), text);
});

test('whatever has a word too many or too few is no plain file, unless the library takes it too', () => {
  let read = 0;
  for (const text of files) {
    const words: string[] = text.match(/"[^"]*"|'[^']*'|[\w.]+|\S/g) ?? [];
    for (let index = 3; index < words.length; index += 1) {
      const without = words.toSpliced(index, 1);
      const twice = words.toSpliced(index, 0, words[index] ?? '');
      const swapped = [7, 11, 13, 29, 31].map((step) => words.with(index, words[(index * step) % words.length] ?? ''));
      for (const odd of [without, twice, ...swapped].map((own) => own.join(' '))) {
        const plain = readPlainProto(odd);
        if (plain === null) continue;
        read += 1;
        assert.deepEqual(plain, byLibrary(odd), odd);
      }
    }
  }
  assert.ok(read > 20, String(read));
});
