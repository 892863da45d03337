import { expect, it } from 'vitest';
import { seen } from './view';

it('tells of what is seen, in pixels of the screen', () => {
  const shown = [
    { participant: 'a', visible: true, height: 180 },
    { participant: 'b', visible: false, height: 180 },
    { participant: 'c', visible: true, height: 0 },
  ];
  expect([...seen(shown, 1.5)]).toEqual([['a', 270]]);
});

it('takes the largest of two tiles of one participant', () => {
  const shown = [
    { participant: 'a', visible: true, height: 400 },
    { participant: 'a', visible: true, height: 90 },
  ];
  expect([...seen(shown, 1)]).toEqual([['a', 400]]);
});
