/**
 * The services of roles that this process does not have: whoever asks for them is told where they are served.
 *
 * A client is refused with ROLE_MISSING, which names the way; the SDK goes it by itself. An agent is sent away by GoAway, as
 * soon as another coordinator is known that takes agents. Addresses are told only to those whom a token lets in.
 */
import type {
  Metadata,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadContract } from '@muster/proto';
import type { Logger } from 'pino';
import { refusalOf } from '../refusals.ts';
import type { Role } from '../role.ts';
import { noticeMessage } from '../wire/agent-answers.ts';
import type { Authentication } from '../wire/authentication.ts';
import { CallRefused, statusOf } from '../wire/status.ts';

/** Roles with services of their own. */
export type ServingRole = 'api' | 'dispatch';

/** What telling the way needs. */
export type ElsewhereOptions = {
  readonly authentication: Authentication;
  readonly logger: Logger;
  /** Of coordinators that have the role. */
  readonly addresses: () => readonly string[];
};

/** A call, as far as it is looked at. */
type Call = {
  readonly metadata: Metadata;
  emit(event: 'error', status: object): unknown;
  write(message: object): unknown;
  end(): unknown;
};

/** As soon as the first sign of life was given, others are known. */
const retryMs = 500;
/** Metadata of an error is cut beyond 512 bytes; an address is told whole or not at all. */
const addressesLengthMax = 500;

/** Stands in for a role of which this process has nothing but the way to it. */
export function createElsewhere(role: ServingRole, options: ElsewhereOptions): Role {
  const refuse = (call: Call): CallRefused => {
    try {
      options.authentication.authenticate(call.metadata);
      return roleMissing(role, options.addresses());
    } catch (error) {
      return refusalOf(error, options.logger, `a service of role ${role}`);
    }
  };
  const answer = (call: Call, callback?: sendUnaryData<unknown>) => {
    const refusal = refuse(call);
    const addresses = options.addresses();
    if (role === 'dispatch' && refusal.reason === 'ROLE_MISSING' && addresses.length > 0) {
      call.write(goAway(addresses));
      call.end();
    } else if (callback === undefined) call.emit('error', statusOf(refusal));
    else callback(statusOf(refusal));
  };
  return {
    name: role,
    isElsewhere: true,
    routes(routes) {
      for (const service of servicesOf(role))
        routes.addService(service, answerAll(service, answer));
    },
    async start() {},
    async stop() {},
  };
}

function servicesOf(role: ServingRole): readonly ServiceDefinition[] {
  const {
    AgentService,
    TaskService,
    HandlerService,
    FleetService,
    NamespaceService,
    ScheduleService,
    LimitService,
    InspectService,
  } = loadContract().muster;
  if (role === 'dispatch') return [AgentService.service];
  return [
    ...[TaskService, HandlerService, FleetService, NamespaceService],
    ...[ScheduleService, LimitService, InspectService],
  ].map(({ service }) => service);
}

/** Every method answers the same, to the callback of a unary call or to the stream. */
function answerAll(
  service: ServiceDefinition,
  answer: (call: Call, callback?: sendUnaryData<unknown>) => void,
): UntypedServiceImplementation {
  const handler = answer as unknown as UntypedServiceImplementation[string];
  return Object.fromEntries(Object.keys(service).map((name) => [name, handler]));
}

function goAway(addresses: readonly string[]): object {
  const reason = 'This coordinator does not take agents (its roles lack dispatch).';
  return noticeMessage({ kind: 'GO_AWAY', addresses, delayMs: null, reason });
}

/** The refusal of a call that needs a role which is elsewhere. */
function roleMissing(role: ServingRole, addresses: readonly string[]): CallRefused {
  const named = wholeAddresses(addresses);
  const where =
    named === ''
      ? 'No coordinator that has it gives signs of life: start one with this role, or with roles=all.'
      : `Connect to one that has it: ${named}.`;
  return new CallRefused('ROLE_MISSING', `This coordinator lacks the role ${role}. ${where}`, {
    metadata: { role, addresses: named },
    retryDelayMs: named === '' ? retryMs : 0,
  });
}

function wholeAddresses(addresses: readonly string[]): string {
  let text = '';
  for (const address of addresses) {
    const longer = text === '' ? address : `${text},${address}`;
    if (longer.length <= addressesLengthMax) text = longer;
  }
  return text;
}
