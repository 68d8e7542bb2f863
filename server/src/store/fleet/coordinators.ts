/**
 * Membership: each coordinator raises a counter; the others watch it on their own clocks.
 */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { CoordinatorId, SessionId } from '../../rules/task.ts';
import { storableText } from '../../rules/text.ts';
import { storableJson, texts } from '../engines/codec.ts';
import { type Connection, type Database, statement } from '../engines/database.ts';
import { code, sessionCode } from '../rows.ts';
import type { Schema } from '../schema.ts';
import type { CoordinatorRow, Coordinators } from '../store.ts';

const registerSql = statement(
  'coordinators_register',
  `INSERT INTO coordinators (id, address, roles, version, host, settings) VALUES ($1::uuid, $2, $3::text[], $4, $5, $6::jsonb)
  ON CONFLICT (id) DO UPDATE SET address = excluded.address, roles = excluded.roles`,
);

// One statement a second is all that an idle coordinator's monitoring asks of the database.
const beatSql = statement(
  'coordinators_beat',
  `WITH own AS (
    UPDATE coordinators SET counter = counter + 1, beat_at = now(), sessions = $2::int4, draining = $3::bool
    WHERE id = $1::uuid AND alive RETURNING id
  )
  SELECT EXISTS (SELECT FROM own) AS alive,
    (SELECT coalesce(json_agg(json_build_object('id', c.id, 'address', c.address, 'roles', c.roles, 'version', c.version,
      'host', c.host, 'alive', c.alive, 'draining', c.draining, 'counter', c.counter, 'sessions', c.sessions, 'settings', c.settings,
      'startedAt', (extract(epoch FROM c.started_at) * 1000)::int8, 'beatAt', (extract(epoch FROM c.beat_at) * 1000)::int8)
      ORDER BY c.id), '[]') FROM coordinators c WHERE c.id <> $1::uuid AND c.alive) AS others,
    (SELECT coalesce(json_agg(json_build_object('id', s.id, 'attachment', s.attachment,
      'lostInMs', coalesce(s.lost_in_ms, s.lost_after_ms))), '[]')
      FROM sessions s WHERE s.state = ${sessionCode.detached}) AS detached,
    EXISTS (SELECT FROM sessions s JOIN tasks t ON t.session_id = s.id AND t.state = ${code.running}
      WHERE s.leases_left) AS lost_leases`,
);

// Their agents had no chance to say where they are: the full time runs from here.
const detachAll = `UPDATE sessions SET state = ${sessionCode.detached}, detached_at = now(), lost_in_ms = lost_after_ms
  WHERE coordinator_id = $1::uuid AND state = ${sessionCode.attached}`;

const declareDeadSql = statement(
  'coordinators_declare_dead',
  `UPDATE coordinators SET alive = false WHERE id = $1::uuid AND counter = $2::int8 AND alive RETURNING id`,
);
const leaveSql = statement(
  'coordinators_leave',
  `DELETE FROM coordinators WHERE id = $1::uuid RETURNING id`,
);
const detachAllSql = statement('coordinators_detach_all', detachAll);
const pruneSql = statement(
  'coordinators_prune',
  `DELETE FROM coordinators WHERE NOT alive AND beat_at < now() - $1::int8 * interval '1 millisecond' RETURNING id`,
);

type BeatRow = {
  alive: boolean;
  others: CoordinatorRow[];
  detached: { id: SessionId; attachment: number; lostInMs: number }[];
  lost_leases: boolean;
};

/** Coordinators over a database. */
export function createCoordinators(database: Database): Coordinators {
  return {
    register: async ({ id, address, roles, version, host, settings }) => {
      await database.run(registerSql, [
        id,
        storableText(address),
        texts(roles),
        storableText(version),
        storableText(host),
        storableJson(settings),
      ]);
    },
    beat: async (id, sessions, draining) => {
      const [row] = await database.run<BeatRow>(beatSql, [id, sessions, draining]);
      if (row === undefined) throw new Error('The beat was not answered.');
      const { alive, others, detached } = row;
      return { alive, others, detached, lostLeases: row.lost_leases };
    },
    declareDead: (id, counter) =>
      database.transaction(async (connection) => {
        const [dead] = await connection.run(declareDeadSql, [id, counter]);
        if (dead === undefined) return false;
        await connection.run(detachAllSql, [id]);
        return true;
      }),
    leave: (id) =>
      database.transaction(async (connection: Connection) => {
        await connection.run(leaveSql, [id]);
        await connection.run(detachAllSql, [id]);
      }),
    list: (before, limit) =>
      database.cold(async (kysely) => {
        let rows = coordinatorRows(kysely).orderBy('id', 'desc').limit(limit);
        if (before !== null) rows = rows.where('id', '<', before);
        return (await rows.execute()).map(coordinatorOf);
      }),
    find: (id) =>
      database.cold(async (kysely) => {
        const row = await coordinatorRows(kysely)
          .where(sql<string>`id::text`, '=', id)
          .executeTakeFirst();
        return row === undefined ? null : coordinatorOf(row);
      }),
    prune: async (olderThanMs) => (await database.run(pruneSql, [Math.round(olderThanMs)])).length,
  };
}

function coordinatorRows(kysely: Kysely<Schema>) {
  return kysely
    .selectFrom('coordinators')
    .select([
      'id',
      'address',
      'roles',
      'version',
      'host',
      'alive',
      'draining',
      'counter',
      'sessions',
      'settings',
    ])
    .select(['started_at as startedAt', 'beat_at as beatAt']);
}

function coordinatorOf(row: Omit<CoordinatorRow, 'id'> & { id: string }): CoordinatorRow {
  return { ...row, id: row.id as CoordinatorId };
}
