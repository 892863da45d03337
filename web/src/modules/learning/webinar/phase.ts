/** The room opens so long before the start. */
const DOORS_MS = 15 * 60_000;

/** Where a webinar stands at `now` (milliseconds). */
export function webinarPhase(
  startsAt: string | null,
  minutes: number,
  now: number,
): 'unset' | 'before' | 'now' | 'over' {
  if (!startsAt) return 'unset';
  const start = new Date(startsAt).getTime();
  if (now < start - DOORS_MS) return 'before';
  return now < start + minutes * 60_000 ? 'now' : 'over';
}
