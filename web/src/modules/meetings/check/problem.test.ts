import { expect, test } from 'vitest';
import { type DeviceProblem, deviceProblem } from './problem';

function check(name: string, expected: DeviceProblem) {
  expect(deviceProblem(Object.assign(new Error('refused'), { name }))).toBe(expected);
}

test('a_refused_permission_is_denied', () => check('NotAllowedError', 'denied'));
test('no_device_is_missing', () => check('NotFoundError', 'missing'));
test('a_remembered_device_that_is_gone_is_missing', () => check('OverconstrainedError', 'missing'));
test('a_device_in_use_is_busy', () => check('NotReadableError', 'busy'));
test('anything_else_is_other', () => {
  check('TypeError', 'other');
  expect(deviceProblem('surprise')).toBe('other');
});
