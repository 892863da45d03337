import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { learningFailure } from '../components/failures';

/** What a change of a course touches: all of it is read anew. */
const TOUCHED = ['Course', 'Section', 'Lesson', 'Question', 'Quiz', 'Enrolment'];

type Act = <Data, Variables extends AnyVariables>(
  name: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data | null>;

/**
 * Sends changes one at a time; `busy` names the one under way, failures are told. While one is under
 * way `act` does nothing, so that a second click is no second change; `actInTurn` waits for its turn,
 * so that of several moves by keys none is lost.
 */
export function useAct(): { busy: string | null; act: Act; actInTurn: Act } {
  const client = useClient();
  const [busy, setBusy] = useState<string | null>(null);
  const turn = useRef<Promise<unknown>>(Promise.resolve());

  const send: Act = async (name, document, variables) => {
    setBusy(name);
    const answer = await client
      .mutation(document, variables, { additionalTypenames: TOUCHED })
      .toPromise();
    setBusy(null);
    if (answer.error) toast.bad(learningFailure(readFailure(answer.error)));
    return answer.data ?? null;
  };

  const act: Act = async (name, document, variables) =>
    busy ? null : send(name, document, variables);

  const actInTurn: Act = (name, document, variables) => {
    const mine = turn.current.then(() => send(name, document, variables));
    turn.current = mine;
    return mine;
  };

  return { busy, act, actInTurn };
}
