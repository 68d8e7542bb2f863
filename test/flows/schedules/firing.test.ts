// Schedules ask for tasks: once for each nominal time, with what the handler needs to know about it.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineHandler } from '@muster/sdk';
import { eventually } from '../../harness/eventually.ts';
import { flow } from '../../harness/flow.ts';

const echo = defineHandler({
  name: 'schedules.echo',
  run: (input: unknown, { nominalTime }) => ({ input, nominalTime: nominalTime?.toISOString() }),
});

const json = (value: unknown) => ({
  mediaType: 'application/json',
  data: Buffer.from(JSON.stringify(value)),
});

flow('schedules', { agent: { handlers: [echo], slots: 50 } }, (stage) => {
  it('make one task for each nominal time', async () => {
    const { schedules } = stage.client.services;
    await schedules.createSchedule({
      spec: {
        name: 'each-second',
        timing: { cron: ['* * * * * *'], dialect: 'CRON_DIALECT_UNIX', firesMax: 3 },
        task: { handler: echo.name, input: json({ a: 1 }) },
      },
    });
    const { fires } = await eventually(
      () => schedules.listFires({ name: 'each-second' }),
      ({ fires }) =>
        fires.length === 3 && fires.every((f) => f.taskState === 'TASK_STATE_SUCCEEDED'),
    );
    const times = fires.map(({ nominalTime }) => nominalTime?.seconds ?? 0).reverse();
    assert.deepEqual(times, [times[0], (times[0] ?? 0) + 1, (times[0] ?? 0) + 2]);
    const { schedule } = await schedules.getSchedule({ name: 'each-second' });
    assert.equal(schedule?.state, 'SCHEDULE_STATE_COMPLETED');
    assert.equal(schedule?.fires, 3);
  });
});
