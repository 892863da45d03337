import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { InvitationAnswer } from './invitations-documents';
import { invitationsTexts } from './invitations-texts';
import { adminTexts } from './texts';
import { useRefused } from './use-refused';

/**
 * Runs an act on an invitation. What was refused is told in a toast and answered with false; `name`
 * names a permission that the viewer lacks.
 */
export function useInvitationAct(
  name: (permission: string) => string = (permission) => permission,
) {
  const t = useTexts(invitationsTexts);
  const ofRoles = useTexts(adminTexts);
  const tell = useRefused(t);
  const client = useClient();
  const [busy, setBusy] = useState(false);

  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => InvitationAnswer,
  ): Promise<boolean> {
    setBusy(true);
    const { data, error } = await client
      .mutation(document, variables, { additionalTypenames: ['Invitation'] })
      .toPromise();
    setBusy(false);
    if (error || !data) {
      if (error) tell(error);
      return false;
    }
    const { status, exceeding } = pick(data);
    if (status === 'OK') return true;
    const lacking = exceeding.map(name).join(', ');
    toast.bad(lacking ? `${t.statuses[status]} ${ofRoles.exceeding(lacking)}` : t.statuses[status]);
    return false;
  }

  return { busy, act };
}
