// What the agent and its child processes say to each other over Node's IPC channel
// (`serialization: 'advanced'`, so that bytes and dates stay what they are). Payloads are
// bounded by the session's limit, progress by time, log lines by number.

import type { LogLevel } from '@muster/proto';
import type { ConnectionOptions } from '@muster/sdk';
import type { HandlerFailure } from '@muster/sdk/internal';
import type { PayloadBytes } from '../attempt/lease.ts';
import type { StopCause } from '../attempt/stop.ts';
import type { Execution } from './executor.ts';

/** How the client in a child connects; undefined: it may not, since a codec cannot cross over. */
export type ChildConnection = ConnectionOptions | undefined;

/** One attempt for a child: what of it can be said in bytes, and where its handler is. */
export interface ChildRun
  extends Pick<
    Execution,
    'assigned' | 'input' | 'checkpoint' | 'deadline' | 'payloadBytesMax' | 'logLinesMax'
  > {
  readonly file: string;
  readonly connection: ChildConnection;
}

/** Agent → child. */
export type ToChild =
  | { readonly type: 'run'; readonly run: ChildRun }
  | { readonly type: 'stop'; readonly cause: StopCause };

/** Child → agent. */
export type FromChild =
  /** The child takes a run. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'progress';
      readonly completed: number;
      readonly total: number;
      readonly message: string;
    }
  | { readonly type: 'checkpoint'; readonly payload: PayloadBytes }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly at: number;
    }
  /** So many lines over the limit were not sent. */
  | { readonly type: 'linesDropped'; readonly count: number }
  | { readonly type: 'returned'; readonly output: PayloadBytes | undefined }
  | { readonly type: 'failed'; readonly failure: HandlerFailure }
  /** Failed, and the process is about to end. */
  | { readonly type: 'crashed'; readonly failure: HandlerFailure };
