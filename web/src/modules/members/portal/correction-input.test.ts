import { expect, test } from 'vitest';
import { correctionInput, draftOf } from './correction-input';

const record = {
  surname: 'Абрамова',
  givenName: 'Анна',
  patronymic: null,
  birthDate: '1980-02-01',
  sex: 'FEMALE' as const,
  phone: '+79000000001',
  email: null,
  workplace: 'Гимназия № 1',
  position: null,
};

test('what_stays_is_not_sent', () => {
  expect(correctionInput(record, draftOf(record))).toEqual({});
  expect(correctionInput(record, { ...draftOf(record), surname: ' Абрамова ' })).toEqual({});
});

test('what_changes_is_sent_and_what_is_emptied_is_cleared', () => {
  const draft = { ...draftOf(record), surname: 'Белова', phone: ' ', email: 'a@example.org' };
  expect(correctionInput(record, draft)).toEqual({
    surname: 'Белова',
    phone: null,
    email: 'a@example.org',
  });
});
