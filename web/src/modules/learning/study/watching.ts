/** Less than this from the beginning is not worth resuming, seconds. */
const BEGINNING_S = 5;
/** So near to the end the film counts as seen to the end, seconds. */
const ENDING_S = 10;
/** How often the position is told while the film runs, seconds of the film. */
const TELL_EVERY_S = 5;

/** Where to take a film up again; null means from the beginning. */
export function resumeAt(position: number, duration: number): number | null {
  if (position < BEGINNING_S) return null;
  return Number.isFinite(duration) && position > duration - ENDING_S ? null : position;
}

/** Whether the film has run on far enough, or jumped, since the position was last told. */
export function worthTelling(told: number, now: number): boolean {
  return Math.abs(now - told) >= TELL_EVERY_S;
}

/** Speeds offered. */
export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed up or down; the ends stay. */
export function stepSpeed(now: number, step: -1 | 1): number {
  const at = SPEEDS.findIndex((speed) => speed >= now - 0.01);
  return (
    SPEEDS[Math.min(Math.max((at < 0 ? SPEEDS.length - 1 : at) + step, 0), SPEEDS.length - 1)] ?? 1
  );
}
