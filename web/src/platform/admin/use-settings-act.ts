import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { OrganizationQuery } from './organization-documents';
import { organizationTexts } from './organization-texts';

/** What is wrong, by the name of the field. */
export type Faults = Partial<Record<string, string>>;

/** Runs a change of the settings; what was refused is told at its field or in a toast, and answered with false. */
export function useSettingsAct() {
  const t = useTexts(organizationTexts);
  const failureText = useFailureText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});

  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    done: string,
  ): Promise<boolean> {
    setBusy(true);
    setFaults({});
    const { error } = await client
      .mutation(document, variables, { additionalTypenames: ['TenantSettings'] })
      .toPromise();
    setBusy(false);
    if (!error) {
      toast.good(done);
      return true;
    }
    const failure = readFailure(error);
    const named = failure.fields.map(({ path, reason }) => [
      path.replace(/^input\./, ''),
      t.faults[reason] ?? failureText(failure),
    ]);
    setFaults(Object.fromEntries(named));
    if (named.length > 0) return false;
    if (failure.code === 'CONFLICT') {
      toast.bad(t.conflict);
      client.query(OrganizationQuery, {}, { requestPolicy: 'network-only' }).toPromise();
    } else toast.bad(t.faults[failure.reason ?? ''] ?? failureText(failure));
    return false;
  }

  return { busy, faults, act };
}
