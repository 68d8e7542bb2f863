/**
 * How far ahead of its free slots an agent is sent work.
 *
 * Between the end of one attempt and the arrival of the next task lie two flushes. An agent whose handlers take seconds
 * loses nothing by that; one whose handlers take milliseconds would stand idle most of the time. So what has lately run
 * for less than `shortRunMs` here is sent ahead, about `shortRunMs` worth of it; long work never is, nor anything while
 * long work holds the slots, so that nothing strands behind it while another agent is free. What strands all the same is
 * asked back (`expectations.ts`), and its handler counts as long until it has shown otherwise.
 */
import {
  aheadMost,
  certainRoom,
  freeSlots,
  type HandlerShare,
  isShort,
  type Session,
  shortRunMs,
  takesMore,
} from './session.ts';

/** Weight of the newest run in the mean. */
const newest = 0.1;

/** No run is taken for shorter than this. */
const leastRunMs = 0.02;

/** An attempt of this handler took so long. */
export function noteRun(session: Session, share: HandlerShare, runMs: number): void {
  const before = isShort(share);
  const run = Math.max(leastRunMs, runMs);
  share.meanRunMs = share.meanRunMs === null ? run : share.meanRunMs * (1 - newest) + run * newest;
  if (isShort(share) !== before) changed(session, share);
}

/** Nothing is known of the handler's runs any more. */
export function forgetRuns(session: Session, share: HandlerShare): void {
  const before = isShort(share);
  share.meanRunMs = null;
  if (before) changed(session, share);
}

function changed(session: Session, share: HandlerShare): void {
  session.shortHandlers += isShort(share) ? 1 : -1;
  session.slotsChanged(session);
}

/** Whether short work may be sent beyond the free slots at all: a quick look, before a handler is known. */
export function mayBeAhead(session: Session): boolean {
  return session.shortHandlers > 0 && takesMore(session) && certainRoom(session) > 0;
}

/** How many leases of a short handler may be sent beyond the free slots; 0 for a long one. */
export function roomAhead(session: Session, share: HandlerShare): number {
  const { slots, longHeld, held, reserved } = session;
  const forShort = slots - longHeld;
  if (forShort <= 0 || share.meanRunMs === null || !isShort(share)) return 0;
  const byTime = (forShort * shortRunMs) / share.meanRunMs;
  const most = Math.min(byTime, (aheadMost(session) * forShort) / slots);
  const used = Math.max(0, held + reserved - slots);
  return Math.max(0, Math.min(Math.floor(most) - used, certainRoom(session) - freeSlots(session)));
}
