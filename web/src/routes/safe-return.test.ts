import { expect, test } from 'vitest';
import { safeReturn } from './safe-return';

test.each(['/t/fed', '/n/abc?x=1'])('%s_is_an_address_of_this_app', (target) => {
  expect(safeReturn(target)).toBe(target);
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  7,
  undefined,
])('%j_is_refused', (target) => {
  expect(safeReturn(target)).toBeUndefined();
});
