// What `@muster/agent` and the tests of this repository need besides the public API. Not public:
// anything here may change in any release.

export { clientForTask, createTimedClient } from './client/create-client.ts';
export type { TaskOrigin } from './client/spec.ts';
export { isTraced } from './client/trace.ts';
export { durationToMs, msToDuration, msToWire, wireToMs } from './duration.ts';
export { checkHandlerName, invokeHandler, isHandlerDefinition, validate } from './handler.ts';
export { nearestName } from './nearest.ts';
export { checkNumber, checkOptionKeys, invalidOption } from './options.ts';
export {
  checkSize,
  createPayloadCoder,
  decodePayload,
  encodePayload,
  type PayloadCoder,
  payloadBytesMaxDefault,
} from './payload/payload.ts';
export { isPromised, type Soon } from './payload/soon.ts';
export { scheduleSpec } from './schedules/create-schedules.ts';
export { isScheduleDefinition } from './schedules/define-schedule.ts';
export { shuffled } from './wire/any-address.ts';
export { realTime, type Time } from './wire/calls.ts';
export {
  type Connection,
  connectionOptionKeys,
  normaliseAddress,
  openChannel,
  resolveConnection,
} from './wire/connection.ts';
export { failureOf, type HandlerFailure, readFailure, sealFailure } from './wire/failure.ts';
export { jsonSchemaOf, registrationOf, retryToWire } from './wire/registration.ts';
export { errorOfCall, isWorthRetrying } from './wire/status.ts';
export { fitText } from './wire/text.ts';
export { dateToWire, wireToDate } from './wire/timestamp.ts';
