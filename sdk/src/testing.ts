// `@muster/sdk/testing`, for the tests of applications: run a handler without a server, or
// start a coordinator in memory and run everything.

export { type HandlerRun, type RunHandlerOptions, runHandler } from './testing/run-handler.ts';
export {
  startTestCoordinator,
  type TestCoordinator,
  type TestCoordinatorOptions,
} from './testing/test-coordinator.ts';
