import { expect, test } from 'vitest';
import { bySection } from './sections';

test('permissions are grouped by the word before the dot, in the order in which they came', () => {
  const names = ['members.view', 'audit.view', 'members.edit'];
  expect(bySection(names, (name) => name)).toEqual([
    ['members', ['members.view', 'members.edit']],
    ['audit', ['audit.view']],
  ]);
  expect(bySection([], (name: string) => name)).toEqual([]);
});
