/**
 * The settings on which all coordinators of a cluster must agree, by name.
 */
import type { AgreedSettings } from '../rules/agreement.ts';
import { type Config, settings } from './settings.ts';

const agreedKeys = [
  ...(['heartbeatIntervalMs', 'silenceTimeoutMs', 'sessionTimeoutMs'] as const),
  ...(['coordinatorBeatIntervalMs', 'coordinatorTimeoutMs'] as const),
  ...(['retentionWindowMs', 'payloadBytesMax'] as const),
];

/** What this coordinator tells the others of its settings. Without NATS what is sent over it means nothing. */
export function agreedSettings(config: Config): AgreedSettings {
  const entries = agreedKeys.map((key) => [settings[key].name, config[key]] as const);
  if (config.natsServers.length === 0) return Object.fromEntries(entries);
  return {
    ...Object.fromEntries(entries),
    [settings.natsSubjectPrefix.name]: config.natsSubjectPrefix,
    [settings.events.name]: config.events.join(',') || 'none',
    [settings.eventsStream.name]: config.eventsStream || 'none',
  };
}
