import { expect, test } from 'vitest';
import {
  type Draft,
  isAnswered,
  matched,
  NO_ANSWER,
  type QuestionView,
  readNumber,
  toggled,
  unanswered,
} from './answer';

const question = (kind: QuestionView['kind'], id = 'q'): QuestionView => ({
  id,
  kind,
  text: '',
  points: 1,
  options: [
    { id: 'a', text: 'а' },
    { id: 'b', text: 'б' },
  ],
  matches: [
    { id: 'x', text: 'икс' },
    { id: 'y', text: 'игрек' },
  ],
});
const typed = (text: string): Draft => ({ ...NO_ANSWER, typed: text });

test.each([
  ['12', '12'],
  ['1 250,5', '1250.5'],
  ['1\u00a0250.50', '1250.50'],
  ['−3', '-3'],
  ['+7', '7'],
  [',5', '0.5'],
])('%j_is_the_number_%s', (text, number) => {
  expect(readNumber(text)).toBe(number);
});

test.each(['', 'семь', '1,2,3', '12 руб.', '1e5', '-', '9'.repeat(20)])(
  '%j_is_no_number',
  (text) => {
    expect(readNumber(text)).toBeNull();
  },
);

test('one_choice_replaces_another_and_several_stand_together', () => {
  expect(toggled(question('SINGLE'), { ...NO_ANSWER, chosen: ['a'] }, 'b').chosen).toEqual(['b']);
  const both = toggled(question('MULTIPLE'), { ...NO_ANSWER, chosen: ['a'] }, 'b');
  expect(both.chosen).toEqual(['a', 'b']);
  expect(toggled(question('MULTIPLE'), both, 'a').chosen).toEqual(['b']);
});

test('matching_is_answered_when_every_line_is_matched', () => {
  const half = matched(NO_ANSWER, 'a', 'x');
  expect(isAnswered(question('MATCHING'), half)).toBe(false);
  expect(isAnswered(question('MATCHING'), matched(half, 'b', 'y'))).toBe(true);
  expect(matched(half, 'a', '').pairs).toEqual({});
  expect(matched(half, 'b', 'x').pairs).toEqual({ b: 'x' });
});

test('what_is_no_number_does_not_answer_a_numeric_question', () => {
  expect(isAnswered(question('NUMERIC'), typed('много'))).toBe(false);
  expect(isAnswered(question('NUMERIC'), typed('0'))).toBe(true);
});

test('unanswered_questions_are_named_by_number', () => {
  const questions = [
    question('SINGLE', 'one'),
    question('SHORT_TEXT', 'two'),
    question('NUMERIC', 'three'),
  ];
  expect(unanswered(questions, { one: { ...NO_ANSWER, chosen: ['a'] }, two: typed('  ') })).toEqual(
    [2, 3],
  );
});
