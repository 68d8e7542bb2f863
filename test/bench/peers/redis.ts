// A Redis of one's own for BullMQ, if the machine has one: its page "Going to production" asks for an
// append-only file synced once a second, and for a memory policy that never evicts.

import { freePort } from '../../harness/ports.ts';
import { startProcess } from '../../harness/processes.ts';
import { temporaryFolder } from '../../harness/reaper.ts';

/** A running Redis. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Redis on a free port; undefined if there is no `redis-server` on PATH. */
export async function startRedis(): Promise<RedisServer | undefined> {
  const port = await freePort();
  const settings = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', temporaryFolder('redis')],
    ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
    ...['--maxmemory-policy', 'noeviction'],
  ];
  try {
    const server = await startProcess(['redis-server', ...settings], { name: 'redis-server' });
    await server.line(/Ready to accept connections/);
    return { url: `redis://127.0.0.1:${port}`, stop: async () => void (await server.end()) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
