import { useMemo } from 'react';
import { type Language, useLanguage } from './language';

/** Dates, times, numbers and sizes as the reader's language writes them, in the local time zone. */
export type Format = ReturnType<typeof formatFor>;

/** The formats of one language. */
export function formatFor(language: Language) {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  const shortDate = new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  });
  const dayMonth = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  const dateTime = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const exactTime = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const number = new Intl.NumberFormat(locale);
  const roubles = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'RUB',
    minimumFractionDigits: 2,
  });
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

  /** A calendar date without a time zone (`2026-11-23`) names the same day everywhere. */
  const calendarDay = (day: string) => new Date(`${day}T12:00:00`);

  return {
    day: (day: string) => shortDate.format(calendarDay(day)),
    date: (instant: string) => date.format(new Date(instant)),
    dayMonth: (instant: string) => dayMonth.format(new Date(instant)),
    dateTime: (instant: string) => dateTime.format(new Date(instant)),
    time: (instant: string) => time.format(new Date(instant)),
    /** With the seconds. */
    exactTime: (instant: string) => exactTime.format(new Date(instant)),
    number: (n: number) => number.format(n),
    /** A sum counted in kopecks: "1 234,50 ₽". */
    money: (kopecks: number) => roubles.format(kopecks / 100),
    /** A month, `2026-11`: "ноябрь 2026 г.". */
    month: (text: string) => month.format(calendarDay(`${text}-15`)).replace(' г.', '\u00a0г.'),
    percent: (part: number, whole: number) =>
      `${number.format(whole === 0 ? 0 : Math.floor((100 * part) / whole))} %`,
    bytes: (bytes: number) => {
      const units = language === 'ru' ? ['байт', 'КБ', 'МБ', 'ГБ'] : ['bytes', 'KB', 'MB', 'GB'];
      let value = bytes;
      let unit = 0;
      while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
      }
      return `${decimal.format(value)} ${units[unit]}`;
    },
    /** How far `instant` is from `now`, both in milliseconds: "через 2 часа", "5 минут назад". */
    fromNow: (instant: string, now: number) => {
      const seconds = (new Date(instant).getTime() - now) / 1000;
      const size = Math.abs(seconds);
      if (size < 60) return relative.format(Math.trunc(seconds), 'second');
      if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
      if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
      return relative.format(Math.trunc(seconds / 86_400), 'day');
    },
  };
}

/** The formats of the language in use. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatFor(language), [language]);
}
