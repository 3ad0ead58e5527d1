import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadgateError } from '../base/errors.ts';
import type { AssetKey, Digest, PartKey, UnitKey } from '../model/identifiers.ts';
import type { Pointer, Step, StepKind } from '../model/step.ts';
import type { Direction, LiveTarget, Mark, TargetConnection } from './contract.ts';

/** One version of the unit under test: the pointer that makes it live, and the settings that come with it. */
export type ConformanceVersion = { pointer: Pointer; settings: Digest };

/** A real place to deliver to, empty at first, and two versions of one unit. `close` removes it. */
export type ConformanceWorld = {
  target: string;
  part: PartKey;
  unit: UnitKey;
  /** An asset of the unit that can be disabled. */
  asset: AssetKey;
  old: ConformanceVersion;
  new: ConformanceVersion;
  /** The delivery's own, for example `['switch', 'verify']`. */
  switchSteps: readonly StepKind[];
  /** A connection of its own, as another process would have. */
  connect(): Promise<TargetConnection>;
  /** Everything that the target keeps, as text: equal before and after means that nothing was changed. */
  snapshot(): Promise<string>;
  /** Leaves a part that was sent as a crash in the middle of the upload would. */
  cutUpload(part: Digest): Promise<void>;
  close(): Promise<void>;
};

/**
 * The suite that each delivering target passes, on real components. `makeWorld` makes a new, empty world; one test
 * goes on where the last one ended, as releases do.
 */
export function conformance(title: string, makeWorld: () => Promise<ConformanceWorld>): void {
  describe(`${title} keeps the contract of a target`, () => {
    let world: ConformanceWorld;
    let run: Run;
    before(async () => {
      world = await makeWorld();
      run = new Run(world);
    });
    after(async () => world?.close());

    test('an empty place has nothing live', async () => {
      assert.deepEqual(await run.inspect(), { units: [], settings: {} });
    });

    test('a first delivery brings the unit live', async () => {
      await run.deliver(null, world.old);
      assert.deepEqual(await run.inspect(), run.showing(world.old, []));
    });

    test('looking, inspecting and asking for health change nothing', async () => {
      const held = await world.snapshot();
      for (const step of run.steps(world.old, world.new)) await run.look(step, 'forward');
      const connection = await world.connect();
      const health = await connection.health([world.asset]);
      await connection.close();
      assert.deepEqual(
        health.map(({ asset }) => asset),
        [world.asset],
      );
      assert.equal(await world.snapshot(), held);
    });

    test('the same keys again change nothing', async () => {
      const held = await world.snapshot();
      for (const [step, mark] of run.done) await run.act(step, 'forward', mark);
      assert.equal(await world.snapshot(), held);
    });

    test('a new version replaces the old one, and undo brings the old one back', async () => {
      const delivered = await run.deliver(world.old, world.new);
      assert.deepEqual(await run.inspect(), run.showing(world.new, []));
      await run.takeBack(delivered);
      assert.deepEqual(await run.inspect(), run.showing(world.old, []));
    });

    test('an older epoch is refused and changes nothing', async () => {
      const stale = { key: 'zombie/0', epoch: run.epoch - 1 };
      for (const step of run.steps(world.old, world.new).filter(({ kind }) => kind !== 'verify')) {
        await assert.rejects(
          () => run.act(step, 'forward', { ...stale, key: `zombie/${step.kind}` }),
          (error) => error instanceof HeadgateError && error.code === 'target-epoch-stale',
          step.kind,
        );
      }
      assert.deepEqual(await run.inspect(), run.showing(world.old, []));
    });

    test('a half-made upload never becomes live, and can be finished', async () => {
      const [upload, ...rest] = run.steps(world.old, world.new);
      assert.ok(upload);
      await run.carryOut(upload);
      await world.cutUpload(world.new.pointer.part);
      assert.equal((await run.look(upload, 'forward')).at, 'before');
      const hasty = rest.find(({ kind }) => kind === 'switch');
      assert.ok(hasty);
      assert.notEqual(await run.outcome(hasty), 'done');
      assert.deepEqual((await run.inspect()).units, run.showing(world.old, []).units);
      for (const step of [upload, ...rest]) await run.carryOut(step);
      assert.deepEqual(await run.inspect(), run.showing(world.new, []));
    });

    test('a step that was planned for another start is seen as such and refused', async () => {
      const [, , ...steps] = run.steps(world.old, world.new);
      const planned = steps.find(({ kind }) => kind === 'switch');
      assert.ok(planned?.kind === 'switch');
      const wrong: Step = {
        ...planned,
        from: { ...world.old.pointer },
        to: { ...world.old.pointer, bundle: world.new.pointer.bundle },
      };
      assert.equal((await run.look(wrong, 'forward')).at, 'elsewhere');
      assert.notEqual(await run.outcome(wrong), 'done');
      assert.deepEqual(await run.inspect(), run.showing(world.new, []));
    });

    test('a disabled asset stays disabled over a switch, until it is enabled', async () => {
      const { target, asset, unit } = world;
      await run.carryOut({ kind: 'disable', target, asset, unit });
      assert.deepEqual(await run.inspect(), run.showing(world.new, [asset]));
      await run.deliver(world.new, world.old);
      assert.deepEqual(await run.inspect(), run.showing(world.old, [asset]));
      await run.carryOut({ kind: 'enable', target, asset, unit });
      assert.deepEqual(await run.inspect(), run.showing(world.old, []));
    });

    test('a removed unit is gone, and undo brings it back', async () => {
      const { target, unit } = world;
      const remove: Step = { kind: 'remove', target, unit, from: world.old.pointer };
      await run.carryOut(remove);
      await run.carryOut({ kind: 'verify', target, unit, to: null });
      assert.deepEqual((await run.inspect()).units, []);
      await run.takeBack([remove]);
      assert.deepEqual(await run.inspect(), run.showing(world.old, []));
    });
  });
}

const LONGEST_WAIT_SECONDS = 300;

/** Carries steps out as the rollout does: look, act under a key of its own until it is no longer waiting, look again. */
class Run {
  readonly done: [Step, Mark][] = [];
  epoch = 7;
  readonly #world: ConformanceWorld;
  #steps = 0;

  constructor(world: ConformanceWorld) {
    this.#world = world;
  }

  /** All steps from one version to another, in the order of a plan. */
  steps(from: ConformanceVersion | null, to: ConformanceVersion): Step[] {
    const { target, part, unit, switchSteps, asset } = this.#world;
    const { bundle, part: blob } = to.pointer;
    const kinds: { [Kind in StepKind]: () => Step[] } = {
      upload: () => [],
      configure: () => [],
      remove: () => [],
      disable: () => [],
      enable: () => [],
      drain: () => (from === null ? [] : [{ kind: 'drain', target, unit, assets: [asset], limitSeconds: 60 }]),
      switch: () => [
        { kind: 'switch', target, unit, from: from?.pointer ?? null, to: to.pointer, pinRuns: from !== null },
      ],
      build: () => [{ kind: 'build', target, unit, from: from?.pointer ?? null, to: to.pointer }],
      verify: () => [{ kind: 'verify', target, unit, to: to.pointer }],
    };
    const settings = { from: from?.settings ?? null, to: to.settings, fromBundle: from?.pointer.bundle ?? null };
    return [
      { kind: 'upload', target, part, blob, bundle },
      { kind: 'configure', target, part, ...settings, bundle },
      ...switchSteps.flatMap((kind) => kinds[kind]()),
    ];
  }

  async deliver(from: ConformanceVersion | null, to: ConformanceVersion): Promise<Step[]> {
    const steps = this.steps(from, to);
    this.done.length = 0;
    for (const step of steps) await this.carryOut(step);
    return steps;
  }

  async carryOut(step: Step): Promise<void> {
    const mark = { key: `conformance/${this.#steps++}`, epoch: this.epoch };
    if (this.#changes(step)) assert.notEqual((await this.look(step, 'forward')).at, 'elsewhere', step.kind);
    await this.act(step, 'forward', mark);
    assert.deepEqual(await this.look(step, 'forward'), { at: 'after' }, step.kind);
    this.done.push([step, mark]);
  }

  async takeBack(steps: Step[]): Promise<void> {
    for (const step of steps.toReversed()) {
      if (!this.#changes(step)) continue;
      await this.act(step, 'undo', { key: `conformance/${this.#steps++}/undo`, epoch: this.epoch });
      assert.deepEqual(await this.look(step, 'undo'), { at: 'after' }, `undo of ${step.kind}`);
    }
  }

  /** Acts until it is done; fails the test when the target says no. */
  async act(step: Step, direction: Direction, mark: Mark): Promise<void> {
    const deadline = Date.now() + LONGEST_WAIT_SECONDS * 1000;
    for (;;) {
      const answer = await this.#with((connection) => connection.act(step, direction, mark));
      if (answer.outcome === 'done') return;
      assert.equal(answer.outcome, 'waiting', `${step.kind}: ${'message' in answer ? answer.message : ''}`);
      assert.ok(Date.now() < deadline, `${step.kind} is still waiting`);
      await sleep(answer.outcome === 'waiting' ? answer.againInSeconds * 1000 : 0);
    }
  }

  /** How one act under a new key ends; `thrown` when the target could not tell. */
  async outcome(step: Step): Promise<string> {
    const mark = { key: `conformance/${this.#steps++}`, epoch: this.epoch };
    return this.#with(async (connection) => (await connection.act(step, 'forward', mark)).outcome).catch(
      () => 'thrown',
    );
  }

  look(step: Step, direction: Direction) {
    return this.#with((connection) => connection.look(step, direction));
  }

  inspect(): Promise<LiveTarget> {
    return this.#with((connection) => connection.inspect());
  }

  showing(version: ConformanceVersion, disabled: AssetKey[]): LiveTarget {
    const { unit, part } = this.#world;
    return { units: [{ unit, pointer: version.pointer, disabled }], settings: { [part]: version.settings } };
  }

  #changes(step: Step): boolean {
    return step.kind !== 'verify' && step.kind !== 'upload';
  }

  async #with<Result>(work: (connection: TargetConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#world.connect();
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }
}
