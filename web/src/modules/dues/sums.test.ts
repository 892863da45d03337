import { expect, test } from 'vitest';
import {
  dayOf,
  monthLater,
  monthOf,
  monthsUpTo,
  parsePercent,
  parseRoubles,
  percentText,
} from './sums';

test.each([
  ['1 234,5', 123_450],
  ['1234.50', 123_450],
  ['0,29', 29],
  ['1\u00a0000', 100_000],
  ['300 ₽', 30_000],
  ['1000000000', 100_000_000_000],
])('%s_is_read_as_kopecks', (text, kopecks) => {
  expect(parseRoubles(text)).toBe(kopecks);
});

test.each(['', '-5', '1,234', 'сто', '1e3', '1000000000,01', '12345678901'])(
  '%j_is_no_sum',
  (text) => {
    expect(parseRoubles(text)).toBeNull();
  },
);

test('a_percentage_is_read_and_written', () => {
  expect(parsePercent('1')).toBe(100);
  expect(parsePercent('0,55 %')).toBe(55);
  expect(parsePercent('100')).toBe(10_000);
  expect(parsePercent('100,01')).toBeNull();
  expect(parsePercent('x')).toBeNull();
  expect(percentText(100, ',')).toBe('1');
  expect(percentText(150, ',')).toBe('1,5');
  expect(percentText(5, '.')).toBe('0.05');
});

test('months_are_counted_over_the_turn_of_the_year', () => {
  expect(monthLater('2026-11', 2)).toBe('2027-01');
  expect(monthLater('2026-01', -1)).toBe('2025-12');
  expect(monthsUpTo('2026-02', 3)).toEqual(['2026-02', '2026-01', '2025-12']);
  expect(monthOf(new Date(2026, 0, 31))).toBe('2026-01');
  expect(dayOf(new Date(2026, 10, 3))).toBe('2026-11-03');
});
