import { expect, test } from 'vitest';
import { type DraftQuestion, freshKey, issuesOf, newQuestion, spellingsOf } from './draft';

const single = (...rights: boolean[]): DraftQuestion => ({
  ...newQuestion('SINGLE'),
  text: 'Сколько?',
  options: rights.map((right, key) => ({ key, text: `ответ ${key}`, right })),
});

test('a_whole_question_has_no_issues', () => {
  expect(issuesOf(single(true, false))).toEqual([]);
  expect(
    issuesOf({ ...newQuestion('NUMERIC'), text: 'x', number: '12,5', tolerance: '0,1' }),
  ).toEqual([]);
  expect(issuesOf({ ...newQuestion('SHORT_TEXT'), text: 'x', spellings: 'устав\n' })).toEqual([]);
});

test('a_single_choice_has_exactly_one_right_answer', () => {
  expect(issuesOf(single(false, false))).toEqual(['right_missing']);
  expect(issuesOf(single(true, true))).toEqual(['right_one']);
  expect(issuesOf({ ...single(true, true), kind: 'MULTIPLE' })).toEqual([]);
});

test('blank_and_repeated_options_are_named', () => {
  const question = single(true, false, false);
  const blank = question.options.map((one, i) => (i === 1 ? { ...one, text: ' ' } : one));
  expect(issuesOf({ ...question, options: blank })).toEqual(['option_blank']);
  const same = question.options.map((one) => ({ ...one, text: 'Да' }));
  expect(issuesOf({ ...question, options: same })).toEqual(['options_same']);
});

test('two_lines_may_have_the_same_match_but_not_the_same_left_side', () => {
  const matching = { ...newQuestion('MATCHING'), text: 'x' };
  const pairs = [
    { key: 1, left: 'а', right: 'в' },
    { key: 2, left: 'б', right: 'в' },
  ];
  expect(issuesOf({ ...matching, pairs })).toEqual([]);
  expect(issuesOf({ ...matching, pairs: pairs.map((pair) => ({ ...pair, left: 'а' })) })).toEqual([
    'pairs_same',
  ]);
});

test('points_and_numbers_are_checked', () => {
  expect(issuesOf({ ...single(true, false), points: '0' })).toEqual(['points_wrong']);
  expect(issuesOf({ ...single(true, false), points: '1,5' })).toEqual(['points_wrong']);
  const numeric = { ...newQuestion('NUMERIC'), text: 'x' };
  expect(issuesOf({ ...numeric, number: 'пять', tolerance: '-1' })).toEqual([
    'number_wrong',
    'tolerance_wrong',
  ]);
});

test('blank_lines_are_no_spellings', () => {
  expect(spellingsOf(' устав \n\nУстав профсоюза')).toEqual(['устав', 'Устав профсоюза']);
});

test('a_fresh_key_is_new', () => {
  expect(freshKey([{ key: 3 }, { key: 1 }])).toBe(4);
  expect(freshKey([])).toBe(1);
});
