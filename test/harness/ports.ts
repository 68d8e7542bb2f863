// Ports for servers that a test stops and starts again on the same one.

import { createServer } from 'node:net';

/** Below the range from which the system takes ports for outgoing connections. */
const lowest = 20_000;
const highest = 32_000;

/**
 * A loopback port on which nothing listens now. Prefer port 0 where the server can tell which one
 * it got; this is for servers that must come back on the same port.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${lowest} and ${highest} in 100 attempts.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
