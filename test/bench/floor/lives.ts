// A task's life at the floor, on one connection: a batch is written, claimed if it has to be, and
// ended, and then the next one follows. Every statement commits by itself.

import pg from 'pg';
import { type Batch, outcomesOf } from './batches.ts';
import {
  claim,
  type FloorStatement,
  insertReady,
  insertRunning,
  recordOutcomes,
  sessionSettings,
} from './statements.ts';

/** How a task lives: stored RUNNING and ended, or stored READY, claimed and ended. */
export type Shape = 'twoWrites' | 'threeWrites';

const sessionId = '01990000-0000-7000-8000-000000000000';
const statementTimeoutMs = 30_000;
/** Rows as arrays of text: what the client makes of them is not part of the floor. */
const asText = { getTypeParser: () => (text: string | Buffer) => text };

/** Opens a connection with the settings of the product's hot ones. */
export async function connect(databaseUrl: string): Promise<pg.Client> {
  const settings = { ...sessionSettings, statement_timeout: String(statementTimeoutMs) };
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: asText,
  });
  await client.connect();
  return client;
}

/** Brings every batch to its end; answers how many tasks it ended. */
export function live(client: pg.Client, shape: Shape, share: readonly Batch[]): Promise<number> {
  return shape === 'twoWrites' ? liveEagerly(client, share) : liveInLine(client, share);
}

async function liveEagerly(client: pg.Client, share: readonly Batch[]): Promise<number> {
  let ended = 0;
  for (const batch of share) {
    await run(client, insertRunning, [batch.ids, batch.inputs, batch.hashes, sessionId]);
    const { epochs, outputs } = outcomesOf(batch.count);
    const values = [batch.ids, epochs, outputs, ...batch.bounds];
    ended += (await run(client, recordOutcomes, values)).rowCount ?? 0;
  }
  return ended;
}

/** A claim takes what is next in line, whoever wrote it; what is left at the end is taken too. */
async function liveInLine(client: pg.Client, share: readonly Batch[]): Promise<number> {
  const most = Math.max(...share.map(({ count }) => count), 1);
  let ended = 0;
  for (const batch of share) {
    await run(client, insertReady, [batch.ids, batch.inputs, batch.hashes]);
    ended += await claimAndRecord(client, batch.count);
  }
  for (let more = 1; more > 0; ended += more) more = await claimAndRecord(client, most);
  return ended;
}

async function claimAndRecord(client: pg.Client, most: number): Promise<number> {
  const { rows } = await run(client, claim, [most, sessionId]);
  if (rows.length === 0) return 0;
  let least = rows[0]?.[0] ?? '';
  let greatest = least;
  for (const [id = ''] of rows) {
    if (id < least) least = id;
    if (id > greatest) greatest = id;
  }
  const ids = `{${rows.map(([id]) => id).join(',')}}`;
  const { epochs, outputs } = outcomesOf(rows.length);
  const values = [ids, epochs, outputs, least, greatest];
  return (await run(client, recordOutcomes, values)).rowCount ?? 0;
}

function run(
  client: pg.Client,
  statement: FloorStatement,
  values: readonly (string | number | Buffer)[],
): Promise<pg.QueryArrayResult<string[]>> {
  return client.query<string[]>({ ...statement, values: [...values], rowMode: 'array' });
}
