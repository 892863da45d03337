import { expect, test } from 'vitest';
import { newQuestion } from './draft';
import { draftQuestion, questionInput } from './wire';

test('a_numeric_question_goes_without_options_and_with_points_of_the_decimal_kind', () => {
  const draft = { ...newQuestion('NUMERIC'), text: ' Сколько? ', number: '12,5', tolerance: '0,1' };
  expect(questionInput(draft)).toEqual({
    kind: 'NUMERIC',
    text: 'Сколько?',
    points: 1,
    explanation: null,
    number: '12.5',
    tolerance: '0.1',
  });
});

test('a_choice_goes_with_its_options_only', () => {
  const draft = {
    ...newQuestion('SINGLE'),
    text: 'x',
    options: [
      { key: 1, text: ' да ', right: true },
      { key: 5, text: 'нет', right: false },
    ],
  };
  expect(questionInput(draft)).toEqual({
    kind: 'SINGLE',
    text: 'x',
    points: 1,
    explanation: null,
    options: [
      { text: 'да', right: true },
      { text: 'нет', right: false },
    ],
  });
});

test('a_kept_question_comes_back_into_the_form', () => {
  const draft = draftQuestion({
    id: 'Question_1',
    kind: 'SHORT_TEXT',
    text: 'x',
    points: 3,
    explanation: null,
    options: [],
    pairs: [],
    number: null,
    tolerance: null,
    spellings: ['устав', 'Устав'],
  });
  expect(draft).toMatchObject({ points: '3', spellings: 'устав\nУстав', explanation: '' });
  // Turning it into a choice finds two lines ready to be filled in.
  expect(draft.options).toHaveLength(2);
});
