import type { CombinedError } from '@urql/core';
import { readFailure, useFailureText } from '#platform/client';
import { useTexts } from '#platform/languages';
import { duesTexts } from '../texts';

/** What to tell about a refusal of dues: its own words first, the common ones else. */
export function useRefusalText(): (error: CombinedError) => string {
  const t = useTexts(duesTexts);
  const failureText = useFailureText();
  return (error) => {
    const failure = readFailure(error);
    const reason = failure.fields[0]?.reason ?? failure.reason;
    return (reason && (t.reasons[reason] ?? t.faults[reason])) || failureText(failure);
  };
}
