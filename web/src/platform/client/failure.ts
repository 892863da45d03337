import type { CombinedError } from '@urql/core';

/** The server's error codes, and `NETWORK` for when no answer came. */
export type FailureCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'INVALID'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'NETWORK';

/** An error as the interface needs it: typed, without the server's wording. */
export type Failure = {
  code: FailureCode;
  reason: string | null;
  fields: { path: string; reason: string }[];
  incident: string | null;
  retryAfterS: number | null;
};

const PASSING: ReadonlySet<FailureCode> = new Set([
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
  'NETWORK',
]);

/** Whether it tells nothing about what was asked for, which may be there in a moment. */
export function isPassing(failure: Failure): boolean {
  return PASSING.has(failure.code);
}

const CODES: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID',
  'CONFLICT',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
]);

/** Reads code, reason, fields and incident out of what the client reports. */
export function readFailure(error: Pick<CombinedError, 'graphQLErrors' | 'networkError'>): Failure {
  const extensions = error.graphQLErrors[0]?.extensions ?? {};
  const code = typeof extensions.code === 'string' ? extensions.code : null;
  return {
    code:
      code !== null && CODES.has(code)
        ? (code as FailureCode)
        : error.networkError
          ? 'NETWORK'
          : 'INTERNAL',
    reason: typeof extensions.reason === 'string' ? extensions.reason : null,
    fields: Array.isArray(extensions.fields) ? extensions.fields.filter(isField) : [],
    incident: typeof extensions.incident === 'string' ? extensions.incident : null,
    retryAfterS: typeof extensions.retryAfter === 'number' ? extensions.retryAfter : null,
  };
}

function isField(value: unknown): value is { path: string; reason: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'reason' in value &&
    typeof value.reason === 'string'
  );
}
