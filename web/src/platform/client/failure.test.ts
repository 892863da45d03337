import type { CombinedError } from '@urql/core';
import { expect, test } from 'vitest';
import { readFailure } from './failure';

function failed(extensions: Record<string, unknown>) {
  return readFailure({
    graphQLErrors: [{ extensions }] as unknown as CombinedError['graphQLErrors'],
  });
}

test('code_and_reason_are_read_from_the_extensions', () => {
  expect(failed({ code: 'INVALID', reason: 'file_too_large' })).toMatchObject({
    code: 'INVALID',
    reason: 'file_too_large',
  });
});

test('named_fields_are_kept_and_malformed_ones_dropped', () => {
  const fields = [{ path: 'email', reason: 'email_invalid' }, { path: 7 }, null];
  expect(failed({ code: 'INVALID', fields }).fields).toEqual([
    { path: 'email', reason: 'email_invalid' },
  ]);
});

test('an_unknown_code_counts_as_internal', () => {
  expect(failed({ code: 'SURPRISE' }).code).toBe('INTERNAL');
});

test('no_answer_is_a_network_failure', () => {
  expect(readFailure({ graphQLErrors: [], networkError: new Error('offline') }).code).toBe(
    'NETWORK',
  );
});

test('rate_limit_tells_how_long_to_wait', () => {
  expect(failed({ code: 'RATE_LIMITED', retryAfter: 30 }).retryAfterS).toBe(30);
});
