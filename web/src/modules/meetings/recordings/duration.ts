/** How units of time are abbreviated. */
export type TimeUnits = { hour: string; minute: string; second: string };

/** How long something lasts, as one says it: "1 ч 25 мин", "12 мин", "45 с". Seconds count below a minute only. */
export function durationText(seconds: number, units: TimeUnits): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}\u00a0${units.second}`;
  const minutes = Math.round(whole / 60);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  const told = [h > 0 && `${h}\u00a0${units.hour}`, m > 0 && `${m}\u00a0${units.minute}`];
  return told.filter(Boolean).join(' ');
}

/** A place in a film as players show it: 0:09, 12:30, 1:05:00. */
export function timeCode(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
