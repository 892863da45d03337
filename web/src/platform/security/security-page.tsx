import { Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clientFor, type Failure, readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { ProviderCard } from '#platform/provider/provider-card';
import { type Security, SecurityQuery } from './documents';
import { EmailCard } from './email-card';
import { FactorsCard } from './factors-card';
import { PasskeysCard } from './passkeys-card';
import { PasswordCard } from './password-card';
import { SessionsCard } from './sessions-card';
import './security.css';
import { securityTexts } from './texts';

/** What the viewer is signed in by, and where. */
export default function SecurityPage(props: { inTenant?: boolean }) {
  const t = useTexts(securityTexts);
  const [security, setSecurity] = useState<Security | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks anew.
  useEffect(() => {
    let wanted = true;
    void clientFor(null)
      .query(SecurityQuery, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data, error }) => {
        if (!wanted) return;
        setFailure(error ? readFailure(error) : null);
        if (data?.viewer) setSecurity(data.viewer.security);
      });
    return () => {
      wanted = false;
    };
  }, [attempt]);

  return (
    <Page title={t.title} subtitle={t.lead} width="reading">
      {failure && <FailureState failure={failure} onRetry={() => setAttempt((n) => n + 1)} />}
      {!failure && !security && <ListSkeleton rows={8} />}
      {security && (
        <Stack gap="lg">
          <EmailCard security={security} onChange={setSecurity} />
          <PasswordCard security={security} onChange={setSecurity} />
          <PasskeysCard security={security} onChange={setSecurity} />
          <FactorsCard security={security} onChange={setSecurity} />
          {props.inTenant && <ProviderCard />}
          <SessionsCard sessions={security.webSessions} onChange={setSecurity} />
        </Stack>
      )}
    </Page>
  );
}
