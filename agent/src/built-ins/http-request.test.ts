import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type HttpRequestOutput, httpRequest } from './http-request.ts';
import { runBuiltIn } from './testing.ts';

/** Answers as the path asks. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, kind, argument] = url.pathname.split('/');
  if (kind === 'status') {
    response.writeHead(Number(argument)).end('as you wish');
  } else if (kind === 'echo') {
    const body = Buffer.concat(await request.toArray()).toString();
    const { authorization, 'content-type': type } = request.headers;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method: request.method, body, authorization, type }));
  } else if (kind === 'redirect') {
    const left = Number(argument);
    const location = left > 1 ? `/redirect/${left - 1}` : '/echo';
    response.writeHead(Number(url.searchParams.get('as') ?? 302), { location }).end();
  } else if (kind === 'elsewhere') {
    response.writeHead(307, { location: `http://localhost:${argument}/echo` }).end();
  } else if (kind === 'bytes') {
    response.end(Buffer.alloc(Number(argument), 0xff));
  }
  // Anything else is never answered.
}

const server = createServer((request, response) => void answer(request, response));
let base = '';

function request(path: string, more: object = {}, signal?: AbortSignal) {
  return runBuiltIn<HttpRequestOutput>(httpRequest, { url: base + path, ...more }, signal);
}

describe('http.request', () => {
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test('sends method, headers and body, and gives status, headers and JSON', async () => {
    const { status, headers, body, bodyEncoding } = await request('/echo', {
      headers: { authorization: 'Basic x' },
      body: { a: 1 },
    });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(bodyEncoding, 'json');
    assert.deepEqual(body, {
      ...{ method: 'POST', body: '{"a":1}', authorization: 'Basic x', type: 'application/json' },
    });
  });

  test('bytes that are not text come as base64', async () => {
    const { body, bodyEncoding } = await request('/bytes/3');
    assert.deepEqual([body, bodyEncoding], ['////', 'base64']);
  });

  test('an unexpected status fails: 4xx for good, except those that time may mend; 5xx not', async () => {
    for (const [status, nonRetryable] of [
      ...([
        [400, true],
        [404, true],
        [304, true],
      ] as const),
      ...([
        [408, false],
        [425, false],
        [429, false],
        [500, false],
        [503, false],
      ] as const),
    ]) {
      const thrown = { name: 'HttpStatus', nonRetryable, message: new RegExp(`status ${status}`) };
      await assert.rejects(request(`/status/${status}`), thrown);
    }
    assert.equal((await request('/status/404', { expectedStatuses: [404] })).status, 404);
  });

  test('follows so many redirects, turning POST into GET where browsers do', async () => {
    const { body, url } = await request('/redirect/3', { body: 'x' });
    assert.equal(url, `${base}/echo`);
    assert.equal((body as { method: string }).method, 'GET');
    const kept = await request('/redirect/1?as=307', { body: 'x' });
    assert.equal((kept.body as { body: string }).body, 'x');
    await assert.rejects(request('/redirect/3', { maxRedirects: 2 }), { nonRetryable: true });
  });

  test('does not carry credentials to another origin', async () => {
    const { port } = new URL(base);
    const { body } = await request(`/elsewhere/${port}`, { headers: { authorization: 'secret' } });
    assert.equal((body as { authorization?: string }).authorization, undefined);
  });

  test('a response that is too long fails for good', async () => {
    const thrown = { nonRetryable: true, message: /longer than 100 bytes/ };
    await assert.rejects(request('/bytes/101', { responseBytesMax: 100 }), thrown);
  });

  test('ends with its signal', async () => {
    const stop = new AbortController();
    const pending = request('/never', {}, stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 20);
    await assert.rejects(pending, { message: 'stopped' });
  });

  test('a server that is not there is worth another attempt; a bad input is not', async () => {
    await assert.rejects(runBuiltIn(httpRequest, { url: 'http://127.0.0.1:1/' }), {
      name: 'HttpRequestFailed',
    });
    for (const input of [{}, { url: 'ftp://x' }, { url: base, retries: 3 }, 'text']) {
      await assert.rejects(runBuiltIn(httpRequest, input), { nonRetryable: true });
    }
  });
});
