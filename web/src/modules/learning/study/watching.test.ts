import { expect, test } from 'vitest';
import { resumeAt, stepSpeed, worthTelling } from './watching';

test('a_film_resumes_where_it_was_left', () => {
  expect(resumeAt(312, 600)).toBe(312);
});

test('a_film_just_begun_or_seen_begins_anew', () => {
  expect(resumeAt(3, 600)).toBeNull();
  expect(resumeAt(595, 600)).toBeNull();
  expect(resumeAt(312, Number.NaN)).toBe(312);
});

test('the_position_is_told_every_few_seconds_and_after_a_jump_back', () => {
  expect(worthTelling(100, 103)).toBe(false);
  expect(worthTelling(100, 105)).toBe(true);
  expect(worthTelling(100, 20)).toBe(true);
});

test('speed_stays_within_what_is_offered', () => {
  expect(stepSpeed(1, 1)).toBe(1.25);
  expect(stepSpeed(2, 1)).toBe(2);
  expect(stepSpeed(0.75, -1)).toBe(0.75);
});
