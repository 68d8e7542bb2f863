// The SQL of the floor: the least that the product's own table, partitions and indexes allow for
// the life of a task. It changes when the schema does, never to follow the product's statements,
// whose price above the floor it is there to show.
//
// Rows carry what every task of the product carries: handler, times, input with its type, hash.

/** A statement under the name by which it is prepared. */
export interface FloorStatement {
  readonly name: string;
  readonly text: string;
}

/** Settings of the connections: those of the product's hot ones, so that plans are as good as its own. */
export const sessionSettings: Readonly<Record<string, string>> = {
  search_path: 'muster',
  timezone: 'UTC',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_bitmapscan: 'off',
};

/** First of two writes: tasks that run at once. $1 ids, $2 inputs, $3 hashes, $4 session. */
export const insertRunning: FloorStatement = {
  name: 'floor_insert_running',
  text: `INSERT INTO tasks (id, namespace_id, handler_id, state, lease_epoch, session_id,
      created_at, due_at, leased_at, input_type, input, content_hash)
    SELECT id, 1, 1, 4, 1, $4::uuid, now(), now(), now(), 'application/json', input, hash
    FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS u(id, input, hash)`,
};

/** First of three writes: tasks that wait. $1 ids, $2 inputs, $3 hashes. */
export const insertReady: FloorStatement = {
  name: 'floor_insert_ready',
  text: `INSERT INTO tasks (id, namespace_id, handler_id, state, created_at, due_at,
      input_type, input, content_hash)
    SELECT id, 1, 1, 3, now(), now(), 'application/json', input, hash
    FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS u(id, input, hash)`,
};

/** Second of three: the next tasks in the order of the index tasks_ready. $1 how many, $2 session. */
export const claim: FloorStatement = {
  name: 'floor_claim',
  text: `WITH picked AS MATERIALIZED (
      SELECT ARRAY[id] AS key FROM tasks WHERE handler_id = 1 AND state = 3
      ORDER BY -priority::integer, due_at, id LIMIT $1::int4 FOR UPDATE SKIP LOCKED)
    UPDATE tasks t SET state = 4, lease_epoch = t.lease_epoch + 1, session_id = $2::uuid, leased_at = now()
    FROM picked WHERE t.id = ANY(picked.key)
    RETURNING t.id, t.lease_epoch, t.input`,
};

/**
 * Last of both: outcomes, guarded by state and epoch. $1 ids, $2 epochs, $3 outputs, $4 and $5 least
 * and greatest id. As in the product, the bounds prune partitions once, and the id is compared with an
 * array of one, because pruning row by row can crash the server (server/src/store/row-locks.ts). Neither
 * costs anything: `t.id = u.id`, and doing without bounds, were within the noise (measured).
 */
export const recordOutcomes: FloorStatement = {
  name: 'floor_record',
  text: `WITH asked AS MATERIALIZED (
      SELECT ARRAY[id] AS key, epoch, output
      FROM unnest($1::uuid[], $2::int4[], $3::bytea[]) AS u(id, epoch, output))
    UPDATE tasks t SET state = 5, ended_epoch = a.epoch, ended_at = now(),
      output_type = 'application/json', output = a.output
    FROM asked a
    WHERE t.id = ANY(a.key) AND (t.id BETWEEN $4::uuid AND $5::uuid OR t.id = $4::uuid)
      AND t.state + 0 = 4 AND t.lease_epoch = a.epoch`,
};
