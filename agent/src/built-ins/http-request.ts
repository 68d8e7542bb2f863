// `http.request`: an HTTP request as a durable task. A status that was not expected fails the
// attempt; of those, 4xx are final except 408, 425 and 429, which a later attempt may mend.

import { type AnyHandler, defineHandler, type HandlerContext } from '@muster/sdk';
import {
  checkKeys,
  InputError,
  optionalNumber,
  optionalText,
  requiredText,
  texts,
} from './input.ts';

/** Input of `http.request`. */
export interface HttpRequestInput {
  /** `http:` or `https:`. */
  readonly url: string;
  /** Default GET, or POST with a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is; any other JSON value as JSON, with that content type unless one is given. */
  readonly body?: unknown;
  /** Statuses that are a success. Default: 200 to 299. */
  readonly expectedStatuses?: readonly number[];
  /** Redirects to follow: 0 to 20. Default 5; one more fails the attempt. With 0 a redirect is a status as any other. */
  readonly maxRedirects?: number;
  /** Longest response body that is read; a longer one fails the attempt for good. Default 512 KiB. */
  readonly responseBytesMax?: number;
}

/** Output of `http.request`. */
export interface HttpRequestOutput {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where the content type says so, else text; base64 where it is neither. */
  readonly body: unknown;
  /** How `body` is to be read. */
  readonly bodyEncoding: 'json' | 'text' | 'base64';
  /** Where the redirects led. */
  readonly url: string;
}

const inputKeys = [
  ...['url', 'method', 'headers', 'body', 'expectedStatuses', 'maxRedirects', 'responseBytesMax'],
];
const responseBytesMaxDefault = 512 * 1024;
const retryableStatuses: readonly number[] = [408, 425, 429];
/** How much of an unexpected response is told in the failure. */
const shownCharsMax = 1000;

/** The definition of `http.request`. */
export const httpRequest: AnyHandler = defineHandler({
  name: 'http.request',
  description: 'Sends an HTTP request; an unexpected status fails the attempt.',
  run: (input: HttpRequestInput, context) => request(checkInput(input), context),
}) as AnyHandler;

type Checked = ReturnType<typeof checkInput>;

function checkInput(given: unknown) {
  const input = checkKeys(given, inputKeys);
  const url = URL.parse(requiredText(input, 'url'));
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError('"url" must be an http: or https: URL.');
  }
  const statuses = input.expectedStatuses;
  if (statuses !== undefined && !(Array.isArray(statuses) && statuses.every(Number.isInteger))) {
    throw new InputError('"expectedStatuses" must be a list of numbers.');
  }
  const hasBody = input.body !== undefined;
  return {
    url,
    method: (optionalText(input, 'method') ?? (hasBody ? 'POST' : 'GET')).toUpperCase(),
    headers: texts(input, 'headers'),
    body: input.body,
    expected: statuses as readonly number[] | undefined,
    maxRedirects: optionalNumber(input, 'maxRedirects', { min: 0, max: 20 }) ?? 5,
    responseBytesMax:
      optionalNumber(input, 'responseBytesMax', { min: 0, max: 64 * 1024 * 1024 }) ??
      responseBytesMaxDefault,
  };
}

async function request(input: Checked, { signal }: HandlerContext): Promise<HttpRequestOutput> {
  const response = await send(input, signal);
  const bytes = await readBody(response, input.responseBytesMax);
  const read = decodeBody(bytes, response.headers.get('content-type') ?? '');
  if (!isExpected(response.status, input.expected)) throw new StatusError(response, bytes);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...read,
    url: response.url,
  };
}

/** Follows redirects by itself, to count them. */
async function send(input: Checked, signal: AbortSignal): Promise<Response> {
  let { url, method } = input;
  let init = bodyOf(input);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetchFrom(url, { ...init, method, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
    if (!isRedirect || input.maxRedirects === 0) return response;
    await response.body?.cancel();
    if (redirects >= input.maxRedirects) {
      throw new InputError(`The request was redirected more than ${input.maxRedirects} times.`);
    }
    const next = new URL(location, url);
    const headers = new Headers(init.headers);
    // Secrets stay with whom they were meant for.
    if (next.origin !== url.origin) for (const name of secretHeaders) headers.delete(name);
    const turnsToGet =
      response.status === 303 ? method !== 'HEAD' : response.status < 307 && method === 'POST';
    if (turnsToGet) {
      method = 'GET';
      headers.delete('content-type');
    }
    init = turnsToGet ? { headers } : { ...init, headers };
    url = next;
  }
}

const secretHeaders = ['authorization', 'cookie', 'proxy-authorization'];

/** `fetch` hides what went wrong in `cause`. */
async function fetchFrom(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    init.signal?.throwIfAborted();
    const cause = (thrown as Error).cause;
    const why = cause instanceof Error ? cause.message : (thrown as Error).message;
    throw new RequestError(`${init.method} ${url.origin} failed: ${why}`, { cause: thrown });
  }
}

function bodyOf({ body, headers }: Checked): { headers: Headers; body?: string } {
  const sent = new Headers(headers);
  if (body === undefined) return { headers: sent };
  if (typeof body === 'string') return { headers: sent, body };
  if (!sent.has('content-type')) sent.set('content-type', 'application/json');
  return { headers: sent, body: JSON.stringify(body) };
}

async function readBody(response: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new InputError(`The response is longer than ${bytesMax} bytes ("responseBytesMax").`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeBody(
  bytes: Buffer,
  contentType: string,
): Pick<HttpRequestOutput, 'body' | 'bodyEncoding'> {
  const text = bytes.toString('utf8');
  if (/^application\/([\w.-]+\+)?json/i.test(contentType)) {
    try {
      return { body: JSON.parse(text), bodyEncoding: 'json' };
    } catch {
      // It only says that it is JSON.
    }
  }
  if (Buffer.from(text).equals(bytes)) return { body: text, bodyEncoding: 'text' };
  return { body: bytes.toString('base64'), bodyEncoding: 'base64' };
}

function isExpected(status: number, expected: readonly number[] | undefined): boolean {
  return expected ? expected.includes(status) : status >= 200 && status <= 299;
}

/** No response came. */
class RequestError extends Error {
  override readonly name = 'HttpRequestFailed';
}

/** A response with a status that was not expected. */
class StatusError extends Error {
  override readonly name = 'HttpStatus';
  readonly nonRetryable: boolean;
  readonly details: object;

  constructor(response: Response, body: Buffer) {
    const shown = body.toString('utf8').slice(0, shownCharsMax);
    super(`The response has the status ${response.status} ${response.statusText}`.trim());
    this.nonRetryable =
      response.status >= 300 &&
      response.status < 500 &&
      !retryableStatuses.includes(response.status);
    this.details = { status: response.status, url: response.url, body: shown };
  }
}
