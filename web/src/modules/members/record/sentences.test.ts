import { expect, test } from 'vitest';
import { formatFor } from '#platform/languages';
import type { HistoryEntry } from './documents';
import { sentenceOf } from './sentences';
import { recordTexts } from './texts';

const blank: HistoryEntry = {
  at: '2026-11-23T09:00:00Z',
  kind: 'ADDED',
  actorName: null,
  organization: null,
  subject: null,
  subjectLabel: null,
  office: null,
  consent: null,
  from: null,
  to: null,
  number: null,
  reason: null,
  changes: [],
};

function tell(entry: Partial<HistoryEntry>) {
  const offices = { CHAIR: 'председатель' };
  return sentenceOf({ ...blank, ...entry }, recordTexts.ru, offices, formatFor('ru'));
}

test('a_change_is_told_field_by_field', () => {
  const told = tell({
    kind: 'UPDATED',
    changes: [
      { field: 'PHONE', old: null, new: '+79000000000' },
      { field: 'BIRTH_DATE', old: '1980-03-05', new: '1980-03-06' },
      { field: 'SEX', old: 'male', new: 'female' },
    ],
  });
  expect(told.text).toBe('Изменены данные');
  expect(told.details).toEqual([
    'Телефон: пусто → +79000000000',
    'Дата рождения: 05.03.1980 → 06.03.1980',
    'Пол: мужской → женский',
  ]);
});

test('an_office_names_the_body_behind_it', () => {
  const told = tell({ kind: 'OFFICE_TAKEN', office: 'CHAIR', subjectLabel: 'Совет' });
  expect(told).toEqual({ text: 'Избран(а): председатель', label: 'Совет', details: [] });
});

test('what_the_sentence_names_is_not_repeated', () => {
  const told = tell({ kind: 'MOVED', from: 'ППО № 1', to: 'ППО № 2', subjectLabel: 'ППО № 2' });
  expect(told).toEqual({
    text: 'Переведён(а) из «ППО № 1» в «ППО № 2»',
    label: null,
    details: [],
  });
});

test('a_refusal_tells_its_reason', () => {
  const told = tell({ kind: 'TRANSFER_REFUSED', to: 'Профсоюз', reason: 'Нет мест' });
  expect(told.details).toEqual(['Причина: Нет мест']);
});
