import { useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { type Failure, failureText, readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { language } from '#platform/languages';
import { documentsTexts } from '../texts';

/** What to tell about a refusal, in the words of documents when they have any. */
export function refusalText(failure: Failure): string {
  const reasons = documentsTexts[language()].reasons;
  const named = [...failure.fields.map((field) => field.reason), failure.reason];
  const known = named.find((reason) => reason !== null && reasons[reason] !== undefined);
  return (known && reasons[known]) || failureText(failure);
}

/** Everything that an act on a document may change. */
export const CHANGED = {
  additionalTypenames: ['Document', 'Task', 'Journal', 'DocumentCounts', 'Substitute'],
};

/** Runs one mutation at a time and tells refusals in words; the data, or null. */
export function useAct() {
  const client = useClient();
  const [busy, setBusy] = useState(false);

  async function act<Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data | null> {
    if (busy) return null;
    setBusy(true);
    const answer = await client.mutation(document, variables, CHANGED).toPromise();
    setBusy(false);
    if (answer.error) toast.bad(refusalText(readFailure(answer.error)));
    return answer.error ? null : (answer.data ?? null);
  }

  return { busy, act };
}
