/**
 * The coordinator for programs that embed one, such as `muster dev` and tests.
 */
export { type Config, ConfigError, configOf, loadConfig } from './config.ts';
export { type Coordinator, startCoordinator } from './coordinator.ts';
