import { expect, test } from 'vitest';
import { cardInput, differing, draftOf, EMPTY_CARD, merged } from './card-draft';

const read = { ...EMPTY_CARD, title: 'О смете', summary: 'Кратко', tags: 'смета, 2026' };

test('a card goes into the form and back as it was', () => {
  const document = {
    title: 'О смете',
    summary: '',
    correspondent: 'Облсовпроф',
    theirNumber: null,
    theirDate: '2026-11-20',
    executor: { id: 'Account_1', name: 'Климова' },
    pages: 3,
    dueOn: null,
    tags: ['смета', '2026'],
  };
  expect(cardInput(draftOf(document))).toEqual({ ...document, executor: 'Account_1' });
});

test('what is no number of pages is sent as one that is refused', () => {
  expect(cardInput({ ...read, pages: 'три' }).pages).toBe(0);
  expect(cardInput({ ...read, pages: ' 12 ' }).pages).toBe(12);
  expect(cardInput({ ...read, tags: ' , а,, б ' }).tags).toEqual(['а', 'б']);
});

test('an executor differs by who it is, not by how they are called', () => {
  const one = { ...read, executor: { id: '1', name: 'Климова' } };
  expect(differing(one, { ...one, executor: { id: '1', name: 'Орлова' } })).toEqual([]);
  expect(differing(one, { ...one, executor: null, dueOn: '2026-12-01' })).toEqual([
    'executor',
    'dueOn',
  ]);
});

test('fields that only they changed are theirs; of those both changed, whose is chosen', () => {
  const mine = { ...read, title: 'О смете на год', pages: '2' };
  const theirs = { ...read, title: 'О смете расходов', dueOn: '2026-12-01' };
  const expected = { ...read, pages: '2', dueOn: '2026-12-01' };
  expect(merged(read, mine, theirs, 'mine')).toEqual({ ...expected, title: 'О смете на год' });
  expect(merged(read, mine, theirs, 'theirs')).toEqual({ ...expected, title: 'О смете расходов' });
});
