// The recorded handler under another name and with few slots, so that its tasks queue up and are claimed.

import { defineHandler } from '@muster/sdk';
import { runRecorded } from './recorded.ts';

/** Runs as it is told, two at a time on each agent. */
export const queued = defineHandler({ name: 'recorded.queue', slots: 2, run: runRecorded });
