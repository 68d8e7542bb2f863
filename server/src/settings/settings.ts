/**
 * Every setting of the coordinator, in one table: name, unit, default, range and what it is for.
 *
 * From a name come its flag (`--grpc-address`) and its variable (`MUSTER_GRPC_ADDRESS`); from the table come the type of
 * the configuration, the help text and the check of docs/configuration.md. Adding a setting means adding a row.
 */
import { scheduleEventKinds } from '../rules/schedule/schedule-events.ts';
import { eventKinds } from '../rules/task-events.ts';
import {
  type AnySetting,
  addressSetting,
  bytesSetting,
  choiceSetting,
  countSetting,
  durationSetting,
  flagSetting,
  namesSetting,
  rolesSetting,
  serversSetting,
  streamSetting,
  subjectSetting,
  textSetting,
  type ValueOf,
} from './kinds.ts';

/** Everything that can be told of tasks and schedules. */
const allEventKinds = [...eventKinds, ...scheduleEventKinds] as const;

/** Names of the four roles, in the order in which they start. */
export const roleNames = ['dispatch', 'api', 'scheduling', 'monitoring'] as const;

/** Name of a role. */
export type RoleName = (typeof roleNames)[number];

/** All settings by the key under which the configuration holds their values. */
export const settings = {
  database: textSetting({
    name: 'database',
    extraVariable: 'MUSTER_DATABASE_URL',
    default: '.muster',
    doc: 'Where tasks live: `memory` (lost with the process), a folder for the embedded Postgres, or a `postgres://` URL.',
  }),
  migrate: flagSetting({
    name: 'migrate',
    default: 'false',
    doc: 'Brings the schema of an older Muster up to date at the start, instead of refusing it. Empty and embedded databases need no such word.',
  }),
  grpcAddress: addressSetting({
    name: 'grpc-address',
    default: '127.0.0.1:7420',
    doc: 'Where clients and agents are served. Port 0 takes a free one; the `ready` log line says which.',
  }),
  httpAddress: addressSetting({
    name: 'http-address',
    default: '127.0.0.1:7421',
    doc: 'Where `/healthz` and `/readyz` are served.',
  }),
  advertisedAddress: textSetting({
    name: 'advertised-address',
    default: '',
    doc: 'Address under which others reach this coordinator, as agents are told. Empty: the address that it listens on, with the name of the machine for 0.0.0.0.',
  }),
  roles: rolesSetting(roleNames, {
    name: 'roles',
    default: 'all',
    doc: 'Roles of this process: `all`, or some of `api`, `dispatch`, `scheduling`, `monitoring`, with commas.',
  }),
  insecure: flagSetting({
    name: 'insecure',
    default: 'false',
    doc: 'Allows listening beyond loopback without TLS or without tokens. Anyone who can connect can then run code on your agents.',
  }),
  tlsCertificateFile: textSetting({
    name: 'tls-certificate-file',
    default: '',
    doc: 'PEM certificate chain of this coordinator. Needs `tls-key-file`. Read at the start.',
  }),
  tlsKeyFile: textSetting({
    name: 'tls-key-file',
    default: '',
    doc: 'PEM private key of the certificate.',
  }),
  tlsClientAuthorityFile: textSetting({
    name: 'tls-client-authority-file',
    default: '',
    doc: 'PEM authorities for mutual TLS: peers without a certificate of theirs are not let in.',
  }),
  tokensFile: textSetting({
    name: 'tokens-file',
    default: '',
    doc: 'JSON list of bearer tokens with their namespaces and rights. Read again when it changes. Empty: nobody is asked for one.',
  }),
  natsServers: serversSetting({
    name: 'nats-servers',
    default: '',
    doc: 'NATS servers that carry wakeups between coordinators, and events. Empty: none; other coordinators hear of things within a safety poll.',
  }),
  natsCredentialsFile: textSetting({
    name: 'nats-credentials-file',
    default: '',
    doc: 'Credentials for NATS (`.creds`). This file and the others of NATS are read at each connection.',
  }),
  natsUser: textSetting({
    name: 'nats-user',
    default: '',
    doc: 'User for NATS. Needs `nats-password-file`.',
  }),
  natsPasswordFile: textSetting({
    name: 'nats-password-file',
    default: '',
    doc: 'File with the password of `nats-user`.',
  }),
  natsTokenFile: textSetting({
    name: 'nats-token-file',
    default: '',
    doc: 'File with a token for NATS, instead of a user.',
  }),
  natsTlsCaFile: textSetting({
    name: 'nats-tls-ca-file',
    default: '',
    doc: 'PEM authorities that NATS servers are trusted by, instead of those of the system. Insists on TLS, as `tls://` in `nats-servers` does.',
  }),
  natsTlsCertificateFile: textSetting({
    name: 'nats-tls-certificate-file',
    default: '',
    doc: 'PEM certificate of this coordinator for NATS servers that ask for one. Needs `nats-tls-key-file`.',
  }),
  natsTlsKeyFile: textSetting({
    name: 'nats-tls-key-file',
    default: '',
    doc: 'PEM private key of that certificate.',
  }),
  natsSubjectPrefix: subjectSetting({
    name: 'nats-subject-prefix',
    default: 'muster',
    doc: 'How subjects begin. Clusters that share a NATS need different ones.',
  }),
  events: namesSetting(allEventKinds, {
    name: 'events',
    default: 'none',
    doc: 'Lifecycle events that are published over NATS: `none`, `all`, or kinds of docs/events.md with commas, such as `failed,schedule-skipped`. Needs `nats-servers`.',
  }),
  eventsStream: streamSetting({
    name: 'events-stream',
    default: '',
    doc: 'JetStream stream that keeps the events of `events` about tasks, each at least once, through an outbox in the database. Made if it is not there. Empty: none. Must be the same for all coordinators.',
  }),
  logLevel: choiceSetting(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    name: 'log-level',
    default: 'info',
    doc: 'Least grave log line that is printed.',
  }),
  payloadBytesMax: bytesSetting(1024, 3 * 1024 * 1024, {
    name: 'payload-bytes-max',
    default: '1MiB',
    doc: 'Bytes of one input, output or checkpoint.',
  }),
  logLinesMax: countSetting(0, 10_000, {
    name: 'log-lines-max',
    default: '200',
    doc: 'Log lines that are kept per attempt; more are dropped and counted.',
  }),
  handlerNamesMax: countSetting(1, 1_000_000, {
    name: 'handler-names-max',
    default: '10000',
    doc: 'Handler names in one namespace, those that were only submitted for included.',
  }),
  retentionWindowMs: durationSetting('2d', '3650d', {
    name: 'retention-window',
    default: '7d',
    doc: 'How long finished tasks are kept, from their end. A namespace can have its own.',
  }),
  fireRetentionWindowMs: durationSetting('1h', '3650d', {
    name: 'fire-retention-window',
    default: '7d',
    doc: 'How long records of nominal times are kept, from their decision.',
  }),
  scheduleIntervalMinMs: durationSetting('10ms', '24h', {
    name: 'schedule-interval-min',
    default: '1s',
    doc: 'Shortest rate and shortest delay after an end that a schedule may have.',
  }),
  heartbeatIntervalMs: durationSetting('100ms', '30s', {
    name: 'heartbeat-interval',
    default: '1s',
    doc: 'Time between heartbeats of agents.',
  }),
  silenceTimeoutMs: durationSetting('300ms', '60s', {
    name: 'silence-timeout',
    default: '3s',
    doc: 'Silence after which a stream counts as broken. Longer than `heartbeat-interval`; an agent may ask for up to 60 s.',
  }),
  sessionTimeoutMs: durationSetting('500ms', '10m', {
    name: 'session-timeout',
    default: '7s',
    doc: 'Time after which an agent that was not heard is lost and its tasks move. Longer than `silence-timeout`.',
  }),
  acceptTimeoutMs: durationSetting('100ms', '60s', {
    name: 'accept-timeout',
    default: '2s',
    doc: 'Time within which an agent must accept an assignment, else it is asked to give it back.',
  }),
  progressIntervalMs: durationSetting('10ms', '60s', {
    name: 'progress-interval',
    default: '200ms',
    doc: 'Shortest time between two stored progress reports of one attempt.',
  }),
  drainGraceMs: durationSetting('0s', '24h', {
    name: 'drain-grace',
    default: '10s',
    doc: 'How long open calls may take to end when the coordinator stops. Agents and what they run go on elsewhere.',
  }),
  coordinatorBeatIntervalMs: durationSetting('100ms', '60s', {
    name: 'coordinator-beat-interval',
    default: '1s',
    doc: 'Time between two signs of life that this coordinator writes.',
  }),
  coordinatorTimeoutMs: durationSetting('500ms', '10m', {
    name: 'coordinator-timeout',
    default: '7s',
    doc: 'Time without a sign of life after which another coordinator is declared dead.',
  }),
  changeSettings: flagSetting({
    name: 'change-settings',
    default: 'false',
    doc: 'Starts although another coordinator of the cluster has other values of settings that must agree, for changing them one coordinator after the other.',
  }),
  safetyPollIntervalMs: durationSetting('100ms', '60s', {
    name: 'safety-poll-interval',
    default: '5s',
    doc: 'Time between the looks that catch lost wakeups; also between two reconciliations of leases.',
  }),
  peekIntervalMs: durationSetting('50ms', '60s', {
    name: 'peek-interval',
    default: '1s',
    doc: 'Time between the looks for older work that eager starts must not overtake.',
  }),
  retentionSweepIntervalMs: durationSetting('1s', '24h', {
    name: 'retention-sweep-interval',
    default: '1m',
    doc: 'Time between two sweeps that delete what is past retention.',
  }),
  flushRowsMax: countSetting(1, 10_000, {
    name: 'flush-rows-max',
    default: '1000',
    doc: 'Rows of one flush; a single call with more is flushed alone.',
  }),
  flushBytesMax: bytesSetting(64 * 1024, 64 * 1024 * 1024, {
    name: 'flush-bytes-max',
    default: '8MiB',
    doc: 'Bytes of one flush.',
  }),
  flushConnectionsMax: countSetting(1, 4, {
    name: 'flush-connections-max',
    default: '2',
    doc: 'Flushes of one kind that may be under way at a time. The embedded database always takes one.',
  }),
  databaseConnectionsMax: countSetting(2, 100, {
    name: 'database-connections-max',
    default: '10',
    doc: 'Connections to Postgres. The embedded database has one.',
  }),
  submitQueueMax: countSetting(1, 10_000_000, {
    name: 'submit-queue-max',
    default: '20000',
    doc: 'Tasks that wait for their flush; a call beyond is refused with OVERLOADED.',
  }),
  submitQueueBytesMax: bytesSetting(4 * 1024 * 1024, 4 * 1024 * 1024 * 1024, {
    name: 'submit-queue-bytes-max',
    default: '128MiB',
    doc: 'Bytes of inputs that wait for their flush; a call beyond is refused with OVERLOADED.',
  }),
  waitsMax: countSetting(1, 1_000_000, {
    name: 'waits-max',
    default: '10000',
    doc: 'Waits and watches that are open at a time; one beyond is refused with OVERLOADED.',
  }),
  waitedTasksMax: countSetting(1, 10_000_000, {
    name: 'waited-tasks-max',
    default: '500000',
    doc: 'Tasks of all open waits and watches together; a call beyond is refused with OVERLOADED.',
  }),
  sessionsMax: countSetting(1, 1_000_000, {
    name: 'sessions-max',
    default: '10000',
    doc: 'Agents attached to this coordinator at a time; one beyond is sent away with OVERLOADED.',
  }),
  connectionsMax: countSetting(1, 1_000_000, {
    name: 'connections-max',
    default: '20000',
    doc: 'Connections that are open at a time; one beyond is closed at once.',
  }),
  streamsMax: countSetting(1, 100_000, {
    name: 'streams-max',
    default: '1000',
    doc: 'Calls that one connection may have open at a time.',
  }),
  otlpEndpoint: textSetting({
    name: 'otlp-endpoint',
    default: '',
    doc: 'Where traces are sent (OTLP over gRPC). Empty: the variable OTEL_EXPORTER_OTLP_ENDPOINT, and without it nowhere.',
  }),
} as const satisfies Record<string, AnySetting>;

/** Key of a setting in the configuration. */
export type SettingKey = keyof typeof settings;

/** Values of all settings. Durations are milliseconds, sizes are bytes. */
export type Config = { readonly [Key in SettingKey]: ValueOf<(typeof settings)[Key]> };
