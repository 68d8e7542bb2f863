// The contract of Muster for TypeScript. For each message M of muster.v1: `M` is what may
// be sent (every field optional), `M__Output` what is received. Enums are both a type and
// an object of their names. `google.rpc` messages carry the prefix `Rpc`.

// biome-ignore lint/performance/noReExportAll: the names are generated, one per message.
export * from '../gen/index.ts';
export { takeJoined } from './codec/join.ts';
export {
  type Contract,
  loadContract,
  loaderOptions,
  readDescriptorSet,
  reflectionDefinition,
  type ServiceConstructor,
} from './contract.ts';
