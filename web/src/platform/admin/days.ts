/** The beginning of a day as the reader's clock has it, `2026-11-28`: an instant. */
export function beginOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

/** The end of a day, which is the beginning of the next one. */
export function endOfDay(day: string): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + 1);
  return at.toISOString();
}

/** An instant of the last day before an end: the end of a term itself is no part of it. */
export function lastDay(until: string): string {
  return new Date(new Date(until).getTime() - 1).toISOString();
}
