/** The table of edges, enumerated: every pair of states is either in the design's list or forbidden. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { edges, edgesBetween, isAllowed, isFinished, stateCode, stateOfCode } from './lifecycle.ts';
import { type TaskState, taskStates } from './task.ts';

/** From the design, §2, and with what a schedule replaces: rows are states before, columns states after, letters the writers in order of the roles' names. */
const designed: Readonly<Record<string, readonly string[]>> = {
  'null>DELAYED': ['api', 'scheduling'],
  'null>WAITING': ['api', 'scheduling'],
  'null>READY': ['api', 'scheduling'],
  'null>RUNNING': ['api', 'scheduling'],
  'DELAYED>READY': ['scheduling'],
  'DELAYED>WAITING': ['scheduling'],
  'DELAYED>FAILED': ['monitoring'],
  'DELAYED>CANCELLED': ['api', 'scheduling'],
  'WAITING>READY': ['scheduling'],
  'WAITING>RUNNING': ['dispatch'],
  'WAITING>FAILED': ['monitoring'],
  'WAITING>CANCELLED': ['api', 'scheduling'],
  'READY>WAITING': ['scheduling'],
  'READY>RUNNING': ['dispatch'],
  'READY>FAILED': ['monitoring'],
  'READY>CANCELLED': ['api', 'scheduling'],
  'RUNNING>SUCCEEDED': ['dispatch'],
  'RUNNING>FAILED': ['dispatch', 'monitoring'],
  'RUNNING>CANCELLED': ['dispatch', 'monitoring'],
  'RUNNING>DELAYED': ['dispatch'],
  'RUNNING>READY': ['dispatch', 'monitoring'],
  'RUNNING>WAITING': ['dispatch', 'monitoring'],
  'SUCCEEDED>null': ['monitoring'],
  'FAILED>null': ['monitoring'],
  'CANCELLED>null': ['monitoring'],
};

const all: readonly (TaskState | null)[] = [null, ...taskStates];

describe('life cycle', () => {
  test('allows exactly the edges of the design, each by its writers, over all pairs of states', () => {
    let pairs = 0;
    for (const from of all) {
      for (const to of all) {
        pairs += 1;
        const writers = [...new Set(edgesBetween(from, to).map(({ role }) => role))].sort();
        assert.deepEqual(writers, designed[`${from}>${to}`] ?? [], `${from} → ${to}`);
      }
    }
    assert.equal(pairs, 64);
  });

  test('gives each cause of an edge one writer, beside submissions, which schedules make too', () => {
    const writers = new Map<string, Set<string>>();
    for (const { from, to, cause, role } of edges) {
      const key = `${from}>${to} ${cause}`;
      writers.set(key, (writers.get(key) ?? new Set()).add(role));
    }
    for (const [key, roles] of writers)
      assert.ok(roles.size === 1 || key.endsWith('SUBMITTED'), `${key}: ${[...roles]}`);
  });

  test('has no exits from finished states but retention', () => {
    for (const from of taskStates.filter(isFinished))
      for (const to of taskStates) assert.equal(edgesBetween(from, to).length, 0);
    assert.equal(taskStates.filter(isFinished).length, 3);
  });

  test('asks by cause', () => {
    assert.ok(isAllowed('RUNNING', 'READY', 'SESSION_LOST'));
    assert.ok(!isAllowed('RUNNING', 'SUCCEEDED', 'SESSION_LOST'));
    assert.ok(!isAllowed('SUCCEEDED', 'READY', 'OUTCOME'));
  });

  test('numbers states as the contract does, and refuses other numbers', () => {
    assert.deepEqual(taskStates.map(stateCode), [1, 2, 3, 4, 5, 6, 7]);
    for (const state of taskStates) assert.equal(stateOfCode(stateCode(state)), state);
    assert.throws(() => stateOfCode(0));
    assert.throws(() => stateOfCode(8));
  });
});
