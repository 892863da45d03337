import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { clientFor, failureText, readFailure } from '#platform/client';
import { toast } from '#platform/design';

/** Runs a mutation of the account; what goes wrong is told in a toast, and the answer is null. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data | null> {
    setBusy(true);
    const answer = await clientFor(null).mutation(document, variables).toPromise();
    setBusy(false);
    if (answer.error) {
      toast.bad(failureText(readFailure(answer.error)));
      return null;
    }
    return answer.data ?? null;
  }
  return { busy, act };
}
