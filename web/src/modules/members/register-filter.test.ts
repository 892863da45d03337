import { expect, test } from 'vitest';
import { type ChipWords, chipsOf, filterInput, noFilter, parseAge } from './register-filter';

const words = {
  unit: (id: string) => `unit ${id}`,
  offices: { CHAIR: 'chairs' },
  consents: { GIVEN: 'consent' },
  sexes: { FEMALE: 'women', MALE: 'men' },
  ages: (from: number | null, to: number | null) => `${from}-${to}`,
  email: { yes: 'mail', no: 'no mail' },
  account: { yes: 'account', no: 'no account' },
  left: 'left',
} as unknown as ChipWords;

test('nothing_chosen_is_an_empty_filter', () => {
  expect(filterInput(noFilter, '  ')).toEqual({});
  expect(chipsOf(noFilter, words)).toEqual([]);
});

test('what_is_chosen_is_asked_for_and_nothing_else', () => {
  const filter = { ...noFilter, unit: 'Unit_1', sex: 'MALE', ageFrom: '18', email: 'no' } as const;
  expect(filterInput(filter, ' Ёлкин ')).toEqual({
    search: 'Ёлкин',
    units: ['Unit_1'],
    sex: 'MALE',
    ageFrom: 18,
    hasEmail: false,
  });
});

test('each_chip_takes_its_own_criterion_away', () => {
  const filter = { ...noFilter, office: 'CHAIR', ageFrom: '18', ageTo: '35', left: true } as const;
  const chips = chipsOf(filter, words);
  expect(chips.map((chip) => chip.label)).toEqual(['chairs', '18-35', 'left']);
  expect(chips[1]?.without).toEqual({ ...filter, ageFrom: '', ageTo: '' });
});

test.each(['', 'x', '-1', '121', '1.5'])('%j_is_no_age', (text) => {
  expect(parseAge(text)).toBeNull();
});
