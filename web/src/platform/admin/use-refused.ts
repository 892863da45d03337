import type { CombinedError } from '@urql/core';
import { readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';

/** Tells in a toast why an act was refused: in the page's own words where it has them. */
export function useRefused(words: { reasons: Partial<Record<string, string>>; tooSoon: string }) {
  const failureText = useFailureText();
  return (error: CombinedError) => {
    const failure = readFailure(error);
    const own = failure.fields.map((field) => words.reasons[field.reason]).find(Boolean);
    const soon = failure.code === 'RATE_LIMITED' ? words.tooSoon : undefined;
    toast.bad(own ?? soon ?? failureText(failure));
  };
}
