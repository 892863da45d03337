import { expect, test } from 'vitest';
import { type Draft, NO_ANSWER, type QuestionView } from './answer';
import { answerInput, answerWords, draftOf } from './wire';

const question = (kind: QuestionView['kind']): QuestionView => ({
  id: 'q',
  kind,
  text: '',
  points: 1,
  options: [
    { id: 'a', text: 'Устав' },
    { id: 'b', text: 'Закон' },
  ],
  matches: [{ id: 'x', text: 'съезд' }],
});
const draft: Draft = { chosen: ['a', 'b'], pairs: { a: 'x' }, typed: ' 1 250,5 ' };

test('only_the_part_of_the_kind_is_sent', () => {
  expect(answerInput(question('MULTIPLE'), draft)).toEqual({ chosen: ['a', 'b'] });
  expect(answerInput(question('MATCHING'), draft)).toEqual({ pairs: [{ left: 'a', right: 'x' }] });
  expect(answerInput(question('NUMERIC'), draft)).toEqual({ number: '1250.5' });
  expect(answerInput(question('SHORT_TEXT'), draft)).toEqual({ text: '1 250,5' });
});

test('a_kept_answer_comes_back_into_the_form', () => {
  const kept = { chosen: [], pairs: [{ left: 'a', right: 'x' }], number: null, text: null };
  expect(draftOf(kept)).toEqual({ chosen: [], pairs: { a: 'x' }, typed: '' });
  expect(draftOf({ chosen: [], pairs: [], number: '7', text: null }).typed).toBe('7');
  expect(draftOf(null)).toBe(NO_ANSWER);
});

test('answers_are_told_in_words', () => {
  const chosen = { chosen: ['b'], pairs: [], number: null, text: null };
  expect(answerWords(question('SINGLE'), chosen)).toEqual(['Закон']);
  const pairs = { chosen: [], pairs: [{ left: 'a', right: 'x' }], number: null, text: null };
  expect(answerWords(question('MATCHING'), pairs)).toEqual(['Устав — съезд']);
  expect(answerWords(question('SINGLE'), null)).toBeNull();
});
