import { expect, test } from 'vitest';
import type { CardFacts } from './documents';
import { keepCard, keptCard } from './kept-card';

const card: CardFacts = {
  fullName: 'Абрамов Иван Ильич',
  organization: 'Профсоюз',
  unit: 'ППО № 1',
  cardNumber: '77-1',
  issuedOn: '2026-11-23',
  verifyUrl: 'http://127.0.0.1/verify/card/x',
  qrSvg: '<svg/>',
  valid: true,
};
const now = new Date('2026-11-23T09:00:00Z');

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test('a_valid_card_is_kept_for_its_account_only', () => {
  const storage = memory();
  keepCard(storage, 'health', 'Account_1', card, now);
  expect(keptCard(storage, 'health', 'Account_1')).toEqual({ card, at: now.toISOString() });
  expect(keptCard(storage, 'health', 'Account_2')).toBeNull();
  expect(keptCard(storage, 'education', 'Account_1')).toBeNull();
});

test('a_card_that_does_not_hold_any_more_is_forgotten', () => {
  const storage = memory();
  keepCard(storage, 'health', 'Account_1', card, now);
  keepCard(storage, 'health', 'Account_1', { ...card, valid: false }, now);
  expect(keptCard(storage, 'health', 'Account_1')).toBeNull();
  keepCard(storage, 'health', 'Account_1', card, now);
  keepCard(storage, 'health', 'Account_1', null, now);
  expect(keptCard(storage, 'health', 'Account_1')).toBeNull();
});

test('what_is_no_card_is_not_shown', () => {
  for (const text of ['', 'x', '{}', '{"at":1,"card":{}}', '{"at":"x","card":null}']) {
    expect(keptCard({ getItem: () => text }, 'health', 'Account_1')).toBeNull();
  }
});
