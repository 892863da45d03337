import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { OrganizationQuery } from './organization-documents';
import { organizationTexts } from './organization-texts';

/** What is wrong, by the name of the field. */
export type Faults = Partial<Record<string, string>>;

interface Turn {
  before: Promise<unknown>;
  /** What the last change left. */
  version: number;
}

/** By organization. Versions only grow, so what is remembered of an earlier visit is never too new. */
const turns = new Map<string, Turn>();

/**
 * Runs a change of the settings, made of the version that it changes; what was refused is told at its field or in a toast,
 * and answered with false. Changes wait for one another: whoever saves one card and then the next is no other administrator.
 */
export function useSettingsAct(shown: number) {
  const t = useTexts(organizationTexts);
  const { tenant } = useTenancy();
  const failureText = useFailureText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});

  async function act<
    Data extends Record<string, { settings: { version: number } }>,
    Variables extends object,
  >(
    document: TypedDocumentNode<Data, Variables>,
    variables: (version: number) => Variables,
    done: string,
  ): Promise<boolean> {
    setBusy(true);
    setFaults({});
    const turn = turns.get(tenant.slug) ?? { before: Promise.resolve(), version: 0 };
    turns.set(tenant.slug, turn);
    const outcome = turn.before.then(() =>
      client
        .mutation(document, variables(Math.max(shown, turn.version)), {
          additionalTypenames: ['TenantSettings'],
        })
        .toPromise(),
    );
    turn.before = outcome;
    const { data, error } = await outcome;
    for (const { settings } of Object.values(data ?? {})) turn.version = settings.version;
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
