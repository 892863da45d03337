import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { AccessAnswer } from './documents';
import { adminTexts } from './texts';

/** Touched by every act: lists of people, of roles, and whatever a person sees. */
const TOUCHED = { additionalTypenames: ['PersonAccess', 'Role', 'RoleGrant', 'PermissionHolder'] };

/**
 * Runs an act on roles or access. What was refused is told in a toast and answered with null; `name`
 * names a permission that the viewer lacks.
 */
export function useAct(name: (permission: string) => string = (permission) => permission) {
  const t = useTexts(adminTexts);
  const failureText = useFailureText();
  const client = useClient();
  const [busy, setBusy] = useState(false);

  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => AccessAnswer,
  ): Promise<AccessAnswer | null> {
    setBusy(true);
    const { data, error } = await client.mutation(document, variables, TOUCHED).toPromise();
    setBusy(false);
    if (error || !data) {
      if (!error) return null;
      const failure = readFailure(error);
      const own = failure.fields.map((field) => t.reasons[field.reason]).find(Boolean);
      toast.bad(own ?? failureText(failure));
      return null;
    }
    const answer = pick(data);
    if (answer.status === 'OK') return answer;
    const lacking = answer.exceeding.map(name).join(', ');
    toast.bad(
      lacking ? `${t.statuses[answer.status]} ${t.exceeding(lacking)}` : t.statuses[answer.status],
    );
    return null;
  }

  return { busy, act };
}
