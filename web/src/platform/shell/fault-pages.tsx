import { Button } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { CombinedError } from '@urql/core';
import { Building2, Compass } from 'lucide-react';
import { readFailure, useFailureText } from '#platform/client';
import { ButtonLink, EmptyState, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { EntryFrame } from './entry-frame';
import { links } from './links';
import { shellTexts } from './texts';

/** No such address. */
export function NotFoundPage() {
  const t = useTexts(shellTexts);
  return (
    <EmptyState
      icon={Compass}
      title={t.notFoundTitle}
      text={t.notFoundText}
      action={<ButtonLink link={{ to: '/' }}>{t.toHome}</ButtonLink>}
    />
  );
}

/** A page could not be opened: the reason, and a way to try again. */
export function FaultPage(props: { error: unknown }) {
  const t = useTexts(shellTexts);
  const router = useRouter();
  const text = useFailureText();
  const failure =
    props.error instanceof CombinedError
      ? readFailure(props.error)
      : readFailure({ graphQLErrors: [] });
  return (
    <div style={{ maxWidth: 640, margin: '48px auto', padding: '0 16px' }}>
      <Note tone="bad" title={t.openingFailed}>
        {text(failure)}
        <div style={{ marginTop: 12 }}>
          <Button size="xs" variant="default" onClick={() => void router.invalidate()}>
            {t.retry}
          </Button>
        </div>
      </Note>
    </div>
  );
}

/** The account may act in no organization, or not in this one. */
export function NoTenantPage(props: { refused: boolean }) {
  const t = useTexts(shellTexts);
  const tenants = useSessionFacts()?.viewer?.tenants ?? [];
  const title = props.refused ? t.tenantRefusedTitle : t.noTenantTitle;
  return (
    <EntryFrame title={title}>
      <EmptyState
        icon={Building2}
        title={title}
        text={props.refused ? t.tenantRefusedText : t.noTenantText}
        action={tenants.map(({ tenant }) => (
          <ButtonLink key={tenant.id} link={links.home(tenant.slug)} variant="default" m={4}>
            {tenant.shortName}
          </ButtonLink>
        ))}
      />
    </EntryFrame>
  );
}
