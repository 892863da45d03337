import { Stack, Text, Title } from '@mantine/core';
import { BadgeCheck, BadgeX } from 'lucide-react';
import { Provider, useQuery } from 'urql';
import { clientFor, readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { EntryFrame } from '#platform/shell';
import { VerifyCardQuery } from './documents';
import { portalTexts } from './texts';

/** What anybody may learn from a membership card's QR code: whether it holds, and whose it is. */
export default function VerifyCardPage(props: { token: string }) {
  const t = useTexts(portalTexts);
  return (
    <EntryFrame title={t.verifyTitle}>
      <div className="card card-padded" style={{ width: 'min(460px, 100%)' }}>
        <Provider value={clientFor(null)}>
          <Verdict token={props.token} />
        </Provider>
      </div>
    </EntryFrame>
  );
}

function Verdict(props: { token: string }) {
  const t = useTexts(portalTexts);
  const [{ data, error }, retry] = useQuery({
    query: VerifyCardQuery,
    variables: { token: props.token },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  if (!data) return <ListSkeleton rows={3} />;
  const { valid, fullName, organization } = data.verifyCard;
  return (
    <Stack gap="sm" role="status">
      <Text size="sm" c="dimmed">
        {t.verifyTitle}
      </Text>
      {valid ? (
        <>
          <BadgeCheck size={48} aria-hidden color="var(--plenum-good)" />
          <Title order={1} size="h2">
            {t.verifyValid}
          </Title>
          <dl className="facts">
            <dt>{t.verifyName}</dt>
            <dd style={{ fontWeight: 600 }}>{fullName}</dd>
            <dt>{t.verifyOrganization}</dt>
            <dd>{organization}</dd>
          </dl>
        </>
      ) : (
        <>
          <BadgeX size={48} aria-hidden color="var(--plenum-bad)" />
          <Title order={1} size="h2">
            {t.verifyInvalid}
          </Title>
          <Text>{t.verifyInvalidText}</Text>
        </>
      )}
      <Text size="sm" c="dimmed">
        {t.verifyFoot}
      </Text>
    </Stack>
  );
}
