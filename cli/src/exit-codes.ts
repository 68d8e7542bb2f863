// What the command tells a script by its exit code. cli/README.md and `muster --help` list the same table.

import { MusterError, type MusterReason } from '@muster/sdk';

/** Exit codes and their meaning, for `--help`. */
export const exitCodes = {
  ok: { code: 0, doc: 'done; awaited tasks succeeded' },
  failed: { code: 1, doc: 'an awaited task failed or was cancelled; doctor found a fault' },
  usage: { code: 2, doc: 'wrong command, option, argument or input' },
  unreachable: {
    code: 3,
    doc: 'no coordinator answers, or it cannot do its work now; for `events`: no NATS answers',
  },
  notFound: { code: 4, doc: 'no such task, schedule, limit, handler, agent or namespace' },
  refused: { code: 5, doc: 'the coordinator refused: token, rights, limits, state' },
  timeout: { code: 6, doc: 'the wait was over before the tasks were' },
  internal: { code: 70, doc: 'a defect of this command' },
  interrupted: { code: 130, doc: 'interrupted (Ctrl-C)' },
} as const;

/** Something that the caller of the command did wrong; the message says what and the way out. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command whose help would show the way, for example `task submit`. Empty: the general help. */
  readonly command: string;

  constructor(message: string, command = '') {
    super(message);
    this.command = command;
  }
}

const usage: readonly MusterReason[] = [
  'OPTION_UNKNOWN',
  'OPTION_INVALID',
  'PAYLOAD_NOT_JSON',
  'PAYLOAD_TOO_LARGE',
  'INVALID_REQUEST',
  'ID_OUT_OF_RANGE',
];

const unreachable: readonly MusterReason[] = [
  'UNREACHABLE',
  'DATABASE_UNAVAILABLE',
  'OVERLOADED',
  'STOPPING',
  'ROLE_MISSING',
];

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage.code;
  if (!(error instanceof MusterError)) return exitCodes.internal.code;
  const { reason } = error;
  if (usage.includes(reason)) return exitCodes.usage.code;
  if (unreachable.includes(reason)) return exitCodes.unreachable.code;
  if (reason.endsWith('_NOT_FOUND')) return exitCodes.notFound.code;
  if (reason === 'TASK_FAILED' || reason === 'TASK_CANCELLED') return exitCodes.failed.code;
  if (reason === 'WAIT_TIMEOUT') return exitCodes.timeout.code;
  if (reason === 'ABORTED') return exitCodes.interrupted.code;
  return exitCodes.refused.code;
}
