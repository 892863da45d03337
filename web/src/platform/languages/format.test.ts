import { expect, test } from 'vitest';
import { formatFor } from './format';

const now = Date.parse('2026-11-23T10:00:00Z');

test('distance_in_time_is_told_in_the_largest_whole_unit', () => {
  const { fromNow } = formatFor('ru');
  expect(fromNow('2026-11-23T12:30:00Z', now)).toBe('через 2 часа');
  expect(fromNow('2026-11-23T09:55:00Z', now)).toBe('5 минут назад');
  expect(fromNow('2026-11-26T10:00:00Z', now)).toBe('через 3 дня');
});

test('a_calendar_day_does_not_move_with_the_time_zone', () => {
  expect(formatFor('ru').day('1979-01-01')).toBe('01.01.1979');
});

test('sizes_are_told_in_the_readers_words', () => {
  expect(formatFor('ru').bytes(512)).toBe('512 байт');
  expect(formatFor('ru').bytes(1_540_000)).toBe('1,5 МБ');
});
