/** Whether two moments are on the same day of this device's calendar. */
export function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

/** How a day is called between messages: today, yesterday, or its date. */
export function dayName(
  at: Date,
  now: Date,
  texts: { today: string; yesterday: string },
  date: (instant: string) => string,
): string {
  if (sameDay(at, now)) return texts.today;
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  return sameDay(at, yesterday) ? texts.yesterday : date(at.toISOString());
}
