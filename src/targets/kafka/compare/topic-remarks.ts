import { canonicalJson, type Json } from '../../../model/json.ts';
import { type Remark, remark } from '../../../model/sum-up.ts';
import type { FoundTopic } from '../kafka-files.ts';

type Rule = (name: string, before: Json | undefined, after: Json | undefined) => Remark;

/** Keys of an entry that are read as partitions, replication and settings, under any of their spellings. */
const facts = [
  ...['partitions', 'numPartitions', 'replication', 'replicas', 'replication_factor', 'replication-factor'],
  ...['replicationFactor', 'config', 'configs'],
];
/** What an entry says for people; the owner is compared for every technology alike. */
const forPeople = ['description', 'owner', 'doc', 'comment', 'labels', 'name', 'topic'];

const shorterIsBreaking: Rule = (name, before, after) => {
  const [old, now] = [span(before), span(after)];
  if (old === null || now === null) return unclear(name, before, after);
  const said = `\`${name}\` goes from ${written(before)} to ${written(after)}`;
  return now < old
    ? remark('breaking', `${said}: who falls further behind loses records.`)
    : remark('compatible', `${said}.`);
};

const breakingAnyway =
  (why: string): Rule =>
  (name, before, after) =>
    remark('breaking', `\`${name}\` goes from ${written(before)} to ${written(after)}: ${why}.`);

const harmless: Rule = (name, before, after) =>
  remark('compatible', `\`${name}\` goes from ${written(before)} to ${written(after)}; records stay as they are.`);

function unclear(name: string, before: Json | undefined, after: Json | undefined): Remark {
  return remark(
    'unknown',
    `\`${name}\` goes from ${written(before)} to ${written(after)}; what that means is not known.`,
  );
}

/** What Kafka's topic settings mean for who reads and writes; any other one is not known. */
const settings: { [name: string]: Rule } = {
  'retention.ms': shorterIsBreaking,
  'retention.bytes': shorterIsBreaking,
  'delete.retention.ms': shorterIsBreaking,
  'cleanup.policy': breakingAnyway('other records are kept'),
  'message.timestamp.type': breakingAnyway('event times mean something else'),
  'max.message.bytes': (name, before, after) => {
    const [old, now] = [span(before), span(after)];
    if (old === null || now === null) return unclear(name, before, after);
    return now >= old
      ? harmless(name, before, after)
      : breakingAnyway('larger records are refused')(name, before, after);
  },
  'min.insync.replicas': (name, before, after) => {
    const [old, now] = [span(before), span(after)];
    return old !== null && now !== null && now <= old ? harmless(name, before, after) : unclear(name, before, after);
  },
  ...Object.fromEntries(
    [
      ...['segment.ms', 'segment.bytes', 'segment.index.bytes', 'segment.jitter.ms', 'index.interval.bytes'],
      ...['flush.ms', 'flush.messages', 'file.delete.delay.ms', 'preallocate', 'min.cleanable.dirty.ratio'],
      ...[
        'min.compaction.lag.ms',
        'max.compaction.lag.ms',
        'compression.type',
        'compression.gzip.level',
        'compression.zstd.level',
        'follower.replication.throttled.replicas',
      ],
    ].map((name) => [name, harmless]),
  ),
};

/** How a topic's entry differs, sentence by sentence. */
export function topicRemarks(before: FoundTopic, after: FoundTopic): Remark[] {
  const [old, now] = [before.facts, after.facts];
  return [
    ...partitions(old.partitions ?? null, now.partitions ?? null),
    ...replication(old.replication ?? null, now),
    ...settingRemarks(objectOf(old.config), objectOf(now.config)),
    ...otherRemarks(before.said, after.said),
  ];
}

function partitions(before: Json, after: Json): Remark[] {
  if (before === after) return [];
  const said = `Its partitions go from ${written(before)} to ${written(after)}`;
  if (typeof before !== 'number' || typeof after !== 'number') return [remark('unknown', `${said}.`)];
  return after < before
    ? [remark('breaking', `${said}, which Kafka cannot do: the topic would have to be made anew.`)]
    : [remark('breaking', `${said}: a key may move to another partition, so the order by key is lost.`)];
}

function replication(before: Json, now: FoundTopic['facts']): Remark[] {
  const after = now.replication ?? null;
  if (before === after) return [];
  const said = `Its replication goes from ${written(before)} to ${written(after)}`;
  const needed = Number(objectOf(now.config)['min.insync.replicas'] ?? 1);
  if (typeof after === 'number' && after < needed)
    return [remark('breaking', `${said}, fewer than \`min.insync.replicas\` asks for: nothing could be written.`)];
  if (typeof before !== 'number' || typeof after !== 'number') return [remark('unknown', `${said}.`)];
  return [remark('compatible', `${said}; records stay as they are.`)];
}

function settingRemarks(before: { [name: string]: Json }, after: { [name: string]: Json }): Remark[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => String(before[name]) !== String(after[name]))
    .map((name) => (settings[name] ?? unclear)(name, before[name], after[name]));
}

function otherRemarks(before: { [key: string]: unknown }, after: { [key: string]: unknown }): Remark[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => !facts.includes(name) && !forPeople.includes(name))
    .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
    .map((name) =>
      name === 'compatibility'
        ? remark('compatible', `Its schemas are held to ${String(after[name])} instead of ${String(before[name])}.`)
        : remark('unknown', `\`${name}\` of its entry differs; what that means is not known.`),
    );
}

/** A limit as a number; -1 and an absent one (Kafka's own default is not known here) are told apart. */
function span(value: Json | undefined): number | null {
  if (value === undefined || value === null) return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number === -1 ? Number.POSITIVE_INFINITY : number;
}

function written(value: Json | undefined): string {
  return value === undefined || value === null ? "the broker's default" : String(value);
}

function objectOf(value: Json | undefined): { [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}
