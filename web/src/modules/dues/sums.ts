/** The largest sum that the server takes, in kopecks: a billion roubles. */
const LARGEST = 100_000_000_000;

/**
 * Reads roubles as people type them ("1 234,5", "1234.50") into kopecks; null when it is no sum.
 * Digits are never turned into a fraction: 0.1 + 0.2 must not become 0.30000000000000004.
 */
export function parseRoubles(text: string): number | null {
  const match = /^(\d{1,10})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s₽]/g, ''));
  if (!match) return null;
  const kopecks = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return kopecks <= LARGEST ? kopecks : null;
}

/** Reads a percentage ("1", "0,5") into hundredths of a percent; null when it is none up to 100. */
export function parsePercent(text: string): number | null {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s%]/g, ''));
  if (!match) return null;
  const hundredths = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return hundredths <= 10_000 ? hundredths : null;
}

/** Hundredths of a percent as people read them: 150 is "1,5". */
export function percentText(hundredths: number, comma: string): string {
  const rest = String(hundredths % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  const whole = Math.floor(hundredths / 100);
  return rest ? `${whole}${comma}${rest}` : String(whole);
}

/** The month of a day in local time, `2026-11`. */
export function monthOf(day: Date): string {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`;
}

/** The month so many later; earlier when negative. */
export function monthLater(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = year * 12 + (number - 1) + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** So many months up to `last`, the latest first. */
export function monthsUpTo(last: string, count: number): string[] {
  return Array.from({ length: count }, (_, back) => monthLater(last, -back));
}

/** Today in local time, `2026-11-23`. */
export function dayOf(day: Date): string {
  return `${monthOf(day)}-${String(day.getDate()).padStart(2, '0')}`;
}
