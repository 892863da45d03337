import { expect, test } from 'vitest';
import { worthAnother } from './link';

const minute = 60_000;

function check(second: number, ageMs: number, expected: boolean): void {
  const link = { path: '/film', givenAtMs: 5_000, from: 120 };
  expect(worthAnother(link, second, 5_000 + ageMs)).toBe(expected);
}

test('a_film_whose_link_has_run_out_gets_another', () => {
  check(720, 10 * minute, true);
  check(120, 10 * minute, true);
});

test('a_film_that_went_on_gets_another', () => {
  check(125, minute, true);
  check(30, minute, true);
});

test('a_film_that_fails_where_it_was_taken_up_gets_none', () => {
  check(120, 200, false);
  check(120.4, minute, false);
});
