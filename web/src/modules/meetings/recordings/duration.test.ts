import { expect, test } from 'vitest';
import { durationText, timeCode } from './duration';

function check(seconds: number, text: string): void {
  const told = durationText(seconds, { hour: 'ч', minute: 'мин', second: 'с' });
  expect(told.replaceAll('\u00a0', ' ')).toBe(text);
}

test('a_duration_is_told_in_hours_and_minutes', () => {
  check(5_100, '1 ч 25 мин');
  check(7_200, '2 ч');
  check(720, '12 мин');
});

test('seconds_are_told_below_a_minute_only', () => {
  check(45, '45 с');
  check(0, '0 с');
  check(89, '1 мин');
});

test('minutes_that_round_up_to_an_hour_are_an_hour', () => {
  check(3_599, '1 ч');
});

test('a_place_in_a_film_is_told_as_players_do', () => {
  expect([9.9, 750, 3_900].map(timeCode)).toEqual(['0:09', '12:30', '1:05:00']);
});
