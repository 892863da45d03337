import type { Tone } from '#platform/design';

/** How near a deadline is, in whole days of the reader's calendar. */
export type Nearness =
  | { kind: 'overdue'; days: number }
  | { kind: 'today' }
  | { kind: 'soon'; days: number }
  | { kind: 'later' };

/** So many days ahead a deadline is near. */
const SOON_DAYS = 7;

/** How near `due` is from `now` (milliseconds). A day that has begun is not over. */
export function nearness(due: string, now: number): Nearness {
  const moment = new Date(due);
  if (moment.getTime() < now) {
    return { kind: 'overdue', days: Math.max(0, daysBetween(moment, new Date(now))) };
  }
  const days = daysBetween(new Date(now), moment);
  if (days === 0) return { kind: 'today' };
  return days <= SOON_DAYS ? { kind: 'soon', days } : { kind: 'later' };
}

function daysBetween(from: Date, to: Date): number {
  // Midnights, not hours: a deadline tomorrow morning is tomorrow, also when it is 10 hours away.
  const midnight = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

/** The colour that goes with the words. */
export const NEARNESS_TONES: Record<Nearness['kind'], Tone> = {
  overdue: 'bad',
  today: 'warn',
  soon: 'warn',
  later: 'neutral',
};
