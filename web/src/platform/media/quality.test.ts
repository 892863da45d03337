import { expect, test } from 'vitest';
import { judge, loudness, type Totals } from './quality';

const quiet: Totals = { packetsReceived: 0, packetsLost: 0, roundTripTime: 0.05, lossOfOurs: 0 };

test('quality follows the worse of loss and delay', () => {
  expect(judge(quiet, { ...quiet, packetsReceived: 100 })).toBe('good');
  expect(judge(quiet, { ...quiet, packetsReceived: 95, packetsLost: 5 })).toBe('fair');
  expect(judge(quiet, { ...quiet, packetsReceived: 90, packetsLost: 10 })).toBe('poor');
  expect(judge(quiet, { ...quiet, lossOfOurs: 0.2 })).toBe('poor');
  expect(judge(quiet, { ...quiet, roundTripTime: 0.3 })).toBe('fair');
});

test('an idle connection is good', () => {
  expect(judge(quiet, { ...quiet, roundTripTime: null })).toBe('good');
});

test('old loss does not count', () => {
  const after = { ...quiet, packetsReceived: 1_000, packetsLost: 500 };
  expect(judge(after, { ...after, packetsReceived: 1_100 })).toBe('good');
});

test('loudness is the mean between two readings', () => {
  expect(loudness({ energy: 1, seconds: 10 }, { energy: 1.25, seconds: 11 })).toBe(0.5);
  expect(loudness({ energy: 1, seconds: 10 }, { energy: 1, seconds: 10 })).toBe(0);
});
