/**
 * Whether this coordinator is well: `/healthz` says that its process answers, `/readyz` that it can do its work.
 *
 * Ready means that a canary query and the loops of the roles have really answered just now, not that nothing has failed
 * yet. Answers are remembered for a moment, so that many askers cost no more than one.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Address } from '../settings/kinds.ts';

/** One thing that must answer. */
export type Check = {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  /** True: without it the work is done slower, not worse, so that it is told of and nothing else. */
  readonly degrades?: true;
};

/** What `/readyz` answers. */
export type Readiness = {
  readonly ready: boolean;
  /** Something that is not needed fails; it is among the checks. */
  readonly degraded: boolean;
  readonly checks: Readonly<
    Record<string, { readonly ok: boolean; readonly ms: number; readonly error?: string }>
  >;
};

/** An open HTTP door. */
export type HttpDoor = { readonly port: number; close(): Promise<void> };

const checkTimeoutMs = 2000;
const rememberedMs = 500;
const connectionsMax = 1000;
const requestTimeoutMs = 5000;

/** Asks all checks at once; askers at the same time share one answer. */
export function createReadiness(checks: () => readonly Check[]): () => Promise<Readiness> {
  let answer: Promise<Readiness> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (answer !== null && now - askedAt < rememberedMs) return answer;
    askedAt = now;
    answer = runChecks(checks());
    return answer;
  };
}

async function runChecks(checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, run, degrades = false }) => {
      const begun = performance.now();
      const error = await failureOf(run);
      const ms = Math.round((performance.now() - begun) * 10) / 10;
      const result = { ok: error === null, ms, ...(error === null ? {} : { error }) };
      return { name, degrades, result };
    }),
  );
  const failed = results.filter(({ result }) => !result.ok);
  return {
    ready: results.length > 0 && failed.every(({ degrades }) => degrades),
    degraded: failed.some(({ degrades }) => degrades),
    checks: Object.fromEntries(results.map(({ name, result }) => [name, result])),
  };
}

async function failureOf(run: () => Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${checkTimeoutMs} ms`), checkTimeoutMs);
  });
  try {
    return await Promise.race([run().then(() => null), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Listens for HTTP. */
export async function openHttpDoor(
  address: Address,
  readiness: () => Promise<Readiness>,
): Promise<HttpDoor> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/healthz') answer(response, 200, { ok: true });
    else if (path === '/readyz')
      void readiness().then((state) => answer(response, state.ready ? 200 : 503, state));
    else answer(response, 404, { error: 'There are /healthz and /readyz.' });
  });
  server.headersTimeout = requestTimeoutMs;
  server.maxConnections = connectionsMax;
  await listen(server, address);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(`Setting http-address: cannot listen on ${host}:${port} (${error.message}).`, {
          cause: error,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
