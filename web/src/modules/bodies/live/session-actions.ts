import { useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { sessionTexts } from './texts';

type Status = 'OK' | 'NO_QUORUM' | 'WRONG_STATE' | 'VOTE_OPEN';

/**
 * Runs the chair's mutations one at a time and tells refusals in words. While one runs, `busy`
 * names it, so that a second click does nothing.
 */
export function useSessionActions() {
  const t = useTexts(sessionTexts);
  const client = useClient();
  const [busy, setBusy] = useState<string | null>(null);

  async function run<Data, Variables extends AnyVariables>(
    name: string,
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    status: (data: Data) => Status,
  ): Promise<boolean> {
    if (busy !== null) return false;
    setBusy(name);
    const answer = await client.mutation(document, variables).toPromise();
    setBusy(null);
    if (answer.error || !answer.data) {
      if (answer.error) toast.bad(failureText(readFailure(answer.error)));
      return false;
    }
    const outcome = status(answer.data);
    if (outcome !== 'OK') {
      toast.bad(t.statuses[outcome]);
      return false;
    }
    return true;
  }

  return { busy, run };
}
