/** The task of a nominal time: what its handler is told, and by when it must have been started. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Payload } from '../task.ts';
import { tasksOf, unknownPlaceholders } from './fired-task.ts';
import { at, scheduleWith, taskId, turnAt } from './scene.ts';
import type { Schedule } from './schedule.ts';

const json = (text: string): Payload => ({
  mediaType: 'application/json',
  data: Buffer.from(text),
});

function inputOf(
  template: string,
  previousOutput: Payload | null,
  zone = 'Asia/Kathmandu',
): unknown {
  const plain = scheduleWith({ timing: { zone }, row: { input: json(template) } });
  const { task } = plain.spec;
  const schedule = { ...plain, spec: { ...plain.spec, task: { ...task, inputIsTemplate: true } } };
  const [task0] = tasks(schedule, previousOutput);
  return JSON.parse(task0?.input?.data.toString() ?? 'null');
}

function tasks(schedule: Schedule, previousOutput: Payload | null = null) {
  const now = at('2026-05-01T12:00:10Z');
  const turn = turnAt(schedule, '2026-05-01T12:00:10Z');
  const made = tasksOf(schedule, turn, { newId: () => taskId(7), now, previousOutput });
  return [...made.values()];
}

describe('the task of a nominal time', () => {
  it('knows its nominal time, and has a key made of it and the schedule', () => {
    const [task] = tasks(scheduleWith({}));
    assert.equal(task?.origin.nominalAt, at('2026-05-01T12:00Z'));
    assert.equal(task?.idempotency?.key, 'minutely@2026-05-01T12:00:00Z');
    assert.equal(task?.startTtlMs, null);
  });

  it('must be started within what is left of the start deadline', () => {
    const [task] = tasks(scheduleWith({ misfire: { startDeadlineMs: 30_000 } }));
    assert.equal(task?.startTtlMs, 20_000);
  });

  it('has the input with its placeholders filled in', () => {
    const template = `{"at": {{nominal_time}}, "wall": {{local_time}}, "day": {{local_date}}, "by": {{schedule}},
      "key": {{key}}, "last": {{previous_output}}}`;
    assert.deepEqual(inputOf(template, json('{"n": 1}')), {
      at: '2026-05-01T12:00:00Z',
      wall: '2026-05-01T17:45:00+05:45',
      day: '2026-05-01',
      by: 'minutely',
      key: 'minutely@2026-05-01T12:00:00Z',
      last: { n: 1 },
    });
    assert.deepEqual(
      inputOf('{{local_time}}', null, 'America/St_Johns'),
      '2026-05-01T09:30:00-02:30',
    );
  });

  it('has null for the previous output if there is none, or none that is JSON', () => {
    const text = { mediaType: 'text/plain', data: Buffer.from('1') };
    for (const output of [null, text, json('{')])
      assert.equal(inputOf('{{previous_output}}', output), null);
  });

  it('has an input that is no template as it is', () => {
    const [task] = tasks(scheduleWith({ row: { input: json('"{{key}}"') } }));
    assert.equal(task?.input?.data.toString(), '"{{key}}"');
  });

  it('has no placeholders that nobody knows', () => {
    assert.deepEqual(unknownPlaceholders('{{key}} {{nominalTime}} {{ key }}'), [
      'nominalTime',
      ' key ',
    ]);
  });
});
