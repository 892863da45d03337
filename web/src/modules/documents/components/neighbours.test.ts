import { describe, expect, test } from 'vitest';
import { keyStep, neighbours, rememberOrder } from './neighbours';

describe('neighbours', () => {
  test('are those of the list seen last', () => {
    rememberOrder(['a', 'b', 'c']);
    expect(neighbours('a')).toEqual({ previous: null, next: 'b' });
    expect(neighbours('c')).toEqual({ previous: 'b', next: null });
    expect(neighbours('x')).toEqual({ previous: null, next: null });
  });
});

test('keys work on both keyboards', () => {
  expect([keyStep('j'), keyStep('О'), keyStep('k'), keyStep('л'), keyStep('x')]).toEqual([
    1, 1, -1, -1, 0,
  ]);
});
