/**
 * Namespaces: as administrators ask for them, and as readers see them.
 */
import type { Namespace__Output, Namespace as NamespaceMessage } from '@muster/proto';
import { namespaceLimits } from '../../rules/limits.ts';
import { type Checks, checkDuration, checkNamespaceName, checkText } from '../validation.ts';
import { durationOf, timestampOf } from './values.ts';

/** A checked namespace of a request. */
export type CheckedNamespace = {
  readonly name: string;
  readonly description: string;
  readonly retentionMs: number | null;
};

/** Checks a namespace to be made or changed; its name must be given. */
export function checkNamespace(
  checks: Checks,
  message: Namespace__Output | null,
): CheckedNamespace {
  if (message === null || message.name === '') {
    checks.fail('namespace.name', 'is needed');
    return { name: '', description: '', retentionMs: null };
  }
  const inner = checks.within('namespace');
  const { retentionMinMs, retentionMaxMs, descriptionMaxBytes } = namespaceLimits;
  return {
    name: checkNamespaceName(inner, 'name', message.name),
    description: checkText(inner, 'description', message.description, descriptionMaxBytes),
    retentionMs: checkDuration(
      inner,
      'retention_window',
      message.retentionWindow,
      retentionMinMs,
      retentionMaxMs,
    ),
  };
}

/** A namespace as a message. */
export function namespaceMessage(
  facts: CheckedNamespace & {
    readonly createdAt: number;
    readonly paused: boolean;
    readonly pauseNote: string;
  },
): NamespaceMessage {
  return {
    name: facts.name,
    description: facts.description,
    retentionWindow: durationOf(facts.retentionMs),
    createTime: timestampOf(facts.createdAt),
    paused: facts.paused,
    pauseNote: facts.pauseNote,
  };
}
