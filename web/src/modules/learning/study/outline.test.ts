import { expect, test } from 'vitest';
import {
  countDone,
  neighbours,
  type OutlineLesson,
  type OutlineSection,
  resumeLesson,
} from './outline';

const lesson = (id: string, state: OutlineLesson['state']): OutlineLesson => ({
  id,
  title: id,
  kind: 'TEXT',
  state,
  required: true,
});
const outline = (...states: OutlineLesson['state'][]): OutlineSection[] => [
  { id: 's1', title: '', lessons: states.slice(0, 2).map((state, i) => lesson(`l${i}`, state)) },
  { id: 's2', title: '', lessons: states.slice(2).map((state, i) => lesson(`l${i + 2}`, state)) },
];

test('the_next_lesson_is_across_the_border_of_sections', () => {
  const { previous, next } = neighbours(outline('OPEN', 'OPEN', 'OPEN'), 'l1');
  expect([previous?.id, next?.id]).toEqual(['l0', 'l2']);
  expect(neighbours(outline('OPEN', 'OPEN', 'OPEN'), 'l2').next).toBeNull();
});

test('one_goes_on_with_what_was_begun_then_with_what_is_left', () => {
  expect(resumeLesson(outline('DONE', 'OPEN', 'STARTED'))?.id).toBe('l2');
  expect(resumeLesson(outline('DONE', 'DONE', 'OPEN'))?.id).toBe('l2');
  expect(resumeLesson(outline('DONE', 'DONE', 'DONE'))?.id).toBe('l0');
  expect(resumeLesson([])).toBeNull();
});

test('done_lessons_are_counted', () => {
  expect(countDone(outline('DONE', 'STARTED', 'DONE'))).toEqual({ done: 2, all: 3 });
});

test('optional_lessons_do_not_count', () => {
  const [first, second] = outline('DONE', 'OPEN', 'DONE');
  const optional = second?.lessons.map((one) => ({ ...one, required: false })) ?? [];
  expect(countDone([...(first ? [first] : []), { id: 's', title: '', lessons: optional }])).toEqual(
    {
      done: 1,
      all: 2,
    },
  );
});
