/** Time left as a clock shows it: 0:09, 12:30, 1:05:00. Never below zero. */
export function clockFace(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How pressing the time is; colours follow, and words say it too. */
export function urgency(secondsLeft: number, limitS: number): 'calm' | 'soon' | 'last' | 'over' {
  if (secondsLeft <= 0) return 'over';
  if (secondsLeft <= 60) return 'last';
  return secondsLeft <= Math.min(300, limitS / 4) ? 'soon' : 'calm';
}

/** The moments at which a screen reader is told the time left, in seconds. */
const TOLD_AT = [1800, 600, 300, 60, 30, 10];

/** The moment passed between two readings of the clock; null when there was none. */
export function passedMark(before: number, after: number): number | null {
  return TOLD_AT.findLast((mark) => before > mark && after <= mark) ?? null;
}
