/** Obstacles: which are named, and in which order. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noLimits } from '../lanes/limits.ts';
import type { TaskId } from '../task.ts';
import { obstaclesOf, sentenceOf, type TaskFacts } from './obstacles.ts';

const id = (n: number) => `task-${n}` as TaskId;
const handler: TaskFacts['handler'] = {
  ...{ name: 'a.b', paused: false, pauseNote: '', namespacePaused: false, namespaceNote: '' },
  ...{ limited: false, settled: true, limits: noLimits },
};
const free: TaskFacts = {
  ...{ now: 10_000, state: 'READY', dueAt: 5_000, attempt: 1, agentId: '', key: 'acme' },
  ...{ handler, shared: [], lane: { running: 0, holders: [], bucket: null } },
  ...{ ahead: 0, oldestDueAt: null, agents: { count: 1, slots: 2, free: 1, holders: [] } },
};
const hourly = { count: 1, windowMs: 3_600_000, burst: 1 };
const limited = {
  ...handler,
  limited: true,
  limits: { ...noLimits, keyConcurrency: 1, keyRate: hourly },
};
const shared = {
  name: 'mail',
  rate: null,
  bucket: null,
  concurrency: null,
  running: 0,
  holders: [],
};
const words = (facts: TaskFacts) =>
  obstaclesOf(facts).map((obstacle) =>
    'limit' in obstacle ? `${obstacle.kind} ${obstacle.limit}` : obstacle.kind,
  );
const said = (facts: TaskFacts) => sentenceOf(facts, obstaclesOf(facts), 'a.c');

describe('obstacles of a task', () => {
  it('are none where nothing keeps it, and where it runs or has ended', () => {
    assert.deepEqual(words(free), []);
    assert.match(said(free), /next claim/);
    const elsewhere = { ...handler, paused: true };
    assert.deepEqual(words({ ...free, handler: elsewhere, state: 'RUNNING' }), []);
    assert.match(said({ ...free, state: 'RUNNING', agentId: 'x' }), /runs on agent "x"/);
    assert.match(said({ ...free, state: 'FAILED' }), /ended: FAILED/);
  });

  it('are all named at once, what decides first at the beginning', () => {
    const facts: TaskFacts = {
      ...free,
      state: 'DELAYED',
      handler: { ...limited, paused: true, namespacePaused: true, namespaceNote: 'night' },
      shared: [
        { ...shared, id: 1, name: '', concurrency: 1, running: 3, holders: [id(1)] },
        { ...shared, id: 2, rate: hourly, bucket: { tokens: 0, at: 9_000 } },
        { ...shared, id: 3, name: 'roomy', concurrency: 5, running: 4 },
      ],
      lane: { running: 1, holders: [id(2)], bucket: { tokens: 0.5, at: 10_000 } },
      ahead: 7,
      agents: { count: 0, slots: 0, free: 0, holders: [] },
    };
    assert.deepEqual(words(facts), [
      ...['NOT_DUE', 'HANDLER_PAUSED', 'NAMESPACE_PAUSED', 'CONCURRENCY handler', 'RATE mail'],
      ...['CONCURRENCY key', 'RATE key', 'UNSERVED', 'IN_LINE'],
    ]);
    assert.match(said(facts), /not due until 1970-01-01T00:00:05/);
    assert.match(said({ ...facts, attempt: 2 }), /attempt 2/);
  });

  it('are no limits while those are being settled', () => {
    const facts = {
      ...free,
      handler: { ...limited, settled: false },
      lane: { ...free.lane, running: 1 },
    };
    assert.deepEqual(words(facts), ['SETTLING']);
    assert.deepEqual(words({ ...facts, handler: { ...limited, limited: false } }), []);
  });

  it('are said in a sentence that names what to look at', () => {
    const inLane = (running: number, tokens: number): TaskFacts => ({
      ...free,
      handler: limited,
      lane: { running, holders: [id(4), id(5)], bucket: { tokens, at: 10_000 } },
    });
    assert.match(said(inLane(1, 1)), /key "acme" lets 1 run at once, and as many do: task-4 and/);
    assert.match(said(inLane(0, 0)), /key "acme" lets none pass before 1970-01-01T01:00:10/);
    assert.match(said({ ...inLane(1, 1), key: '' }), /tasks without a key/);
    const unserved = { count: 0, slots: 0, free: 0, holders: [] };
    assert.match(said({ ...free, agents: unserved }), /"a.b". Is it "a.c"\?/);
    const taken = { count: 2, slots: 6, free: 0, holders: [id(6)] };
    assert.match(said({ ...free, agents: taken }), /2 agents serve .* all their 6 slots .* task-6/);
    assert.match(said({ ...free, agents: { ...taken, holders: [] } }), /none takes work/);
    assert.match(said({ ...free, ahead: 3 }), /3 others go first/);
    assert.match(said({ ...free, handler: { ...handler, paused: true } }), /is paused; resume it/);
  });
});
