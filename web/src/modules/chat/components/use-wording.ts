import { type Failure, useFailureText } from '#platform/client';
import { useTexts } from '#platform/languages';
import { chatTexts } from '../texts';

/** What to tell the reader about a failure: in the words of conversations where they fit better. */
export function useWording(): (failure: Failure) => string {
  const { failures } = useTexts(chatTexts);
  const general = useFailureText();
  return (failure) => {
    const reasons = [...failure.fields.map((field) => field.reason), failure.reason];
    const own = reasons.map((reason) => (reason ? failures[reason] : undefined)).find(Boolean);
    return own ?? general(failure);
  };
}
