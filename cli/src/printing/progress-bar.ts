// How far a wait is: a bar that is drawn over itself on a terminal, and a plain line per tenth
// where standard error is a file or a pipe.

import type { GroupProgress } from '@muster/sdk';
import type { Terminal } from './terminal.ts';

/** Characters of the bar itself. */
const barWidth = 30;

/** Follows the progress of a wait until it is over. */
export interface ProgressBar {
  /** Shows how far it is. */
  show(progress: GroupProgress): void;
  /** Ends the bar's line. */
  end(): void;
}

/** A bar on standard error. */
export function progressBar(terminal: Terminal): ProgressBar {
  let tenths = 0;
  let drawn = false;
  return {
    show(progress) {
      if (terminal.live) {
        drawn = true;
        terminal.redraw(barLine(progress).slice(0, terminal.columns - 1));
        return;
      }
      const now = Math.floor((progress.finished / Math.max(1, progress.total)) * 10);
      if (now > tenths) terminal.note(plainLine(progress));
      tenths = now;
    },
    end() {
      if (drawn) terminal.note('');
    },
  };
}

/** `[######----] 12/20  11 succeeded, 1 failed`. */
export function barLine(progress: GroupProgress): string {
  const filled = Math.round((progress.finished / Math.max(1, progress.total)) * barWidth);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${plainLine(progress)}`;
}

function plainLine({ total, finished, succeeded, failed, cancelled }: GroupProgress): string {
  const counts = [
    [succeeded, 'succeeded'],
    [failed, 'failed'],
    [cancelled, 'cancelled'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `${finished}/${total}${parts.length > 0 ? `  ${parts.join(', ')}` : ''}`;
}
