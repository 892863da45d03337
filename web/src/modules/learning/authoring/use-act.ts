import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { learningFailure } from '../components/failures';

/** What a change of a course touches: all of it is read anew. */
const TOUCHED = ['Course', 'Section', 'Lesson', 'Question', 'Quiz', 'Enrolment'];

/** Sends changes one at a time; `busy` names the one under way, failures are told. */
export function useAct() {
  const client = useClient();
  const [busy, setBusy] = useState<string | null>(null);

  async function act<Data, Variables extends AnyVariables>(
    name: string,
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data | null> {
    if (busy) return null;
    setBusy(name);
    const answer = await client
      .mutation(document, variables, { additionalTypenames: TOUCHED })
      .toPromise();
    setBusy(null);
    if (answer.error) toast.bad(learningFailure(readFailure(answer.error)));
    return answer.data ?? null;
  }

  return { busy, act };
}
