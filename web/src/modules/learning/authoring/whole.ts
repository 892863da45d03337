/** A whole number within bounds, as typed; blank means none where that is allowed. */
export type Whole = { ok: true; value: number | null } | { ok: false };

/** Reads a whole number; blank is none. */
export function wholeOrNone(typed: string, min: number, max: number): Whole {
  const text = typed.trim();
  if (!text) return { ok: true, value: null };
  const value = Number(text);
  return /^\d{1,6}$/.test(text) && value >= min && value <= max
    ? { ok: true, value }
    : { ok: false };
}

/** Reads a whole number that must be there; null when it is not, or out of bounds. */
export function whole(typed: string, min: number, max: number): number | null {
  const read = wholeOrNone(typed, min, max);
  return read.ok ? read.value : null;
}

/** An instant as the field `datetime-local` takes it, in local time. */
export function localMoment(instant: string | null): string {
  if (!instant) return '';
  const date = new Date(instant);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What the field holds as an instant; null when it is empty or no moment. */
export function instantOf(local: string): string | null {
  const date = new Date(local);
  return local && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

/** The end of a calendar day in local time: "until 5 May" includes the fifth. */
export function endOfDay(day: string): string | null {
  return instantOf(day ? `${day}T23:59:59` : '');
}
