import type { CombinedError } from '@urql/core';
import { readFailure, useFailureText } from '#platform/client';
import { useTexts } from '#platform/languages';
import { recordTexts } from './texts';

/** What to tell about a refusal of the register: its own words first, the common ones else. */
export function useRecordRefusal(): (error: CombinedError) => string {
  const t = useTexts(recordTexts);
  const failureText = useFailureText();
  return (error) => {
    const failure = readFailure(error);
    const reason = failure.fields[0]?.reason ?? failure.reason;
    return (reason && t.reasons[reason]) || failureText(failure);
  };
}

/** What is wrong with each field of an input, by its name: `input.birthDate` is `birthDate`. */
export function useFieldFaults(): (error: CombinedError | undefined) => Record<string, string> {
  const t = useTexts(recordTexts);
  const failureText = useFailureText();
  return (error) => {
    if (!error) return {};
    const failure = readFailure(error);
    return Object.fromEntries(
      failure.fields.map((fault) => [
        fault.path.replace(/^input\./, ''),
        t.reasons[fault.reason] ?? failureText(failure),
      ]),
    );
  };
}
