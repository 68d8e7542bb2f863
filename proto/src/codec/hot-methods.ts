// The methods through which every task goes, with a codec of their own. It handles what is
// plainly well-formed; anything else (numbers as text, a `Long`, a field of another type, half a
// message) goes the general way, so that both mean the same.

import type { PackageDefinition } from '@grpc/proto-loader';
import { unusual } from './byte-writer.ts';
import { generateCodec } from './generated-codec.ts';
import { type ContractJson, shapeOf } from './shapes.ts';

/** By service: the methods that carry tasks, with their request and response. */
export const hotMethods = {
  'muster.v1.AgentService': { Connect: ['ConnectRequest', 'ConnectResponse'] },
  'muster.v1.TaskService': {
    SubmitTasks: ['SubmitTasksRequest', 'SubmitTasksResponse'],
    WaitTasks: ['WaitTasksRequest', 'WaitTasksResponse'],
    StreamCalls: ['StreamCallsRequest', 'StreamCallsResponse'],
  },
} as const;

/** Both ways of a message. */
export interface Codec {
  serialize(message: object): Buffer;
  deserialize(bytes: Buffer): object;
}

/** The quick way where it can be taken, else the general one. */
export function quickCodec(root: ContractJson, name: string, general: Codec): Codec {
  const { encode, decode } = generateCodec(shapeOf(root, name));
  return {
    serialize(message) {
      try {
        return encode(message);
      } catch (thrown) {
        if (thrown !== unusual) throw thrown;
        return general.serialize(message);
      }
    },
    deserialize(bytes) {
      try {
        return decode(bytes) as object;
      } catch (thrown) {
        if (thrown !== unusual) throw thrown;
        return general.deserialize(bytes);
      }
    },
  };
}

/** The definition with quick codecs in its hot methods. */
export function withQuickCodecs(
  root: ContractJson,
  contract: PackageDefinition,
): PackageDefinition {
  const services = Object.entries(hotMethods).map(([name, methods]) => {
    const service = contract[name] as Readonly<Record<string, MethodCodecs>>;
    const quick = Object.entries(methods).map(([method, [request, response]]) => {
      const given = service[method];
      if (!given) throw new Error(`The contract has no method ${name}.${method}.`);
      const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } =
        given;
      const asked = quickCodec(root, `muster.v1.${request}`, {
        ...{ serialize: requestSerialize, deserialize: requestDeserialize },
      });
      const answered = quickCodec(root, `muster.v1.${response}`, {
        ...{ serialize: responseSerialize, deserialize: responseDeserialize },
      });
      return [
        method,
        {
          ...given,
          requestSerialize: asked.serialize,
          requestDeserialize: asked.deserialize,
          responseSerialize: answered.serialize,
          responseDeserialize: answered.deserialize,
        },
      ];
    });
    return [name, { ...service, ...Object.fromEntries(quick) }];
  });
  return { ...contract, ...Object.fromEntries(services) };
}

interface MethodCodecs {
  requestSerialize(message: object): Buffer;
  requestDeserialize(bytes: Buffer): object;
  responseSerialize(message: object): Buffer;
  responseDeserialize(bytes: Buffer): object;
}
