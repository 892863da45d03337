import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { TenantAnswer } from './tenants-documents';
import { tenantsTexts } from './tenants-texts';
import { useRefused } from './use-refused';

/** Runs an act on an organization; what was refused is told in a toast and answered with false. */
export function useTenantAct() {
  const t = useTexts(tenantsTexts);
  const tell = useRefused(t);
  const client = useClient();
  const [busy, setBusy] = useState(false);

  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => TenantAnswer,
  ): Promise<boolean> {
    setBusy(true);
    const { data, error } = await client
      .mutation(document, variables, { additionalTypenames: ['OverseenTenant'] })
      .toPromise();
    setBusy(false);
    if (error) {
      tell(error);
      return false;
    }
    const status = data ? pick(data).status : 'ALREADY';
    if (status !== 'OK') toast.bad(t.statuses[status]);
    return status === 'OK';
  }

  return { busy, act };
}
