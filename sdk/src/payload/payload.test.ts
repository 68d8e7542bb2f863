// Values to payloads and back, with and without a codec.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { MusterError } from '../errors.ts';
import { createPayloadCoder, decodePayload, type PayloadCodec } from './payload.ts';

const reasonIs = (reason: string) => (error: MusterError) => error.reason === reason;

const gzip: PayloadCodec = {
  encode: ({ mediaType, data }) => ({ mediaType: `${mediaType}; enc=gzip`, data: gzipSync(data) }),
  decode: ({ mediaType, data }) =>
    mediaType.endsWith('; enc=gzip')
      ? { mediaType: mediaType.slice(0, -'; enc=gzip'.length), data: gunzipSync(data) }
      : { mediaType, data },
};

describe('payloads', () => {
  it('carry nothing, bytes or JSON', async () => {
    const coder = createPayloadCoder();
    assert.equal(await coder.encode(undefined, 'Input'), undefined);
    assert.equal(await coder.decode(null, 'Input'), undefined);
    assert.equal(await coder.decode({ mediaType: '', data: Buffer.alloc(0) }, 'Input'), undefined);
    const bytes = await coder.encode(new Uint8Array([0, 255]), 'Input');
    assert.equal(bytes?.mediaType, 'application/octet-stream');
    assert.deepEqual(await coder.decode(bytes, 'Input'), Buffer.from([0, 255]));
    for (const value of [null, 'text', 0, false, { a: ['ü'] }]) {
      const payload = await coder.encode(value, 'Input');
      assert.equal(payload?.mediaType, 'application/json');
      assert.deepEqual(await coder.decode(payload, 'Input'), value);
    }
  });

  it('are read by others’ names for JSON, and refused when they cannot be read', () => {
    const data = Buffer.from('{"a":1}');
    for (const mediaType of ['application/json; charset=utf-8', 'Application/problem+JSON']) {
      assert.deepEqual(decodePayload({ mediaType, data }, 'Output'), { a: 1 });
    }
    assert.throws(
      () => decodePayload({ mediaType: 'image/png', data }, 'Output'),
      reasonIs('PAYLOAD_UNREADABLE'),
    );
    assert.throws(
      () => decodePayload({ mediaType: 'application/json', data: Buffer.from('{') }, 'Output'),
      reasonIs('PAYLOAD_UNREADABLE'),
    );
  });

  it('go through the codec both ways, and past it when it did not make them', async () => {
    const coder = createPayloadCoder({ codec: gzip });
    const payload = await coder.encode({ a: 'x'.repeat(1_000) }, 'Input');
    assert.equal(payload?.mediaType, 'application/json; enc=gzip');
    assert.ok((payload?.data.byteLength ?? 0) < 100);
    assert.deepEqual(await coder.decode(payload, 'Input'), { a: 'x'.repeat(1_000) });
    const plain = { mediaType: 'application/json', data: Buffer.from('1') };
    assert.equal(await coder.decode(plain, 'Input'), 1);
  });

  it('are measured after the codec', async () => {
    const value = 'x'.repeat(2_000);
    const small = { bytesMax: () => 1_000 };
    await createPayloadCoder({ codec: gzip, ...small }).encode(value, 'Input');
    assert.throws(
      () => createPayloadCoder(small).encode(value, 'Input'),
      (error: MusterError) => {
        assert.equal(error.reason, 'PAYLOAD_TOO_LARGE');
        assert.deepEqual(error.metadata, { bytes: '2002', bytes_max: '1000' });
        return true;
      },
    );
  });

  it('fail with CODEC_FAILED when the codec throws or gives something else', async () => {
    const throwing = { encode: gzip.encode, decode: () => Promise.reject(new Error('no key')) };
    const wrong = { encode: () => 'text' as never, decode: gzip.decode };
    const payload = { mediaType: 'application/json', data: Buffer.from('1') };
    await assert.rejects(
      createPayloadCoder({ codec: throwing }).decode(payload, 'Input'),
      /no key/,
    );
    await assert.rejects(
      async () => createPayloadCoder({ codec: wrong }).encode(1, 'Input'),
      reasonIs('CODEC_FAILED'),
    );
  });
});
