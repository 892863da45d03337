import { Button, Stack, Text } from '@mantine/core';
import { IdCard, UserRoundX } from 'lucide-react';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import {
  ButtonLink,
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useSessionFacts, useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { recordTexts } from '../record/texts';
import { ChangesTable } from '../requests/changes-table';
import { ConsentCard } from './consent-card';
import { CorrectionDialog } from './correction-dialog';
import { type MyRecord, MyRecordQuery } from './documents';
import { keepCard } from './kept-card';
import { MembershipCard } from './membership-card';
import { portalTexts } from './texts';
import './portal.css';

/** The member's own page. Other modules bring their cards. */
export default function PortalPage(props: { cards: { id: string; Card: ComponentType }[] }) {
  const t = useTexts(portalTexts);
  const { tenant } = useTenancy();
  const account = useSessionFacts()?.viewer?.account.id ?? '';
  const [{ data, error }, retry] = useQuery({ query: MyRecordQuery });
  const record = data?.myRecord ?? null;
  const card = data?.myCard ?? null;

  useEffect(() => {
    if (data) keepCard(localStorage, tenant.id, account, data.myCard, new Date());
  }, [data, tenant.id, account]);

  return (
    <Page title={t.title} subtitle={record ? record.fullName : tenant.name}>
      {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {!data && !error && <ListSkeleton rows={8} />}
      {data && (
        <div className="portal-columns">
          <Stack gap="md">
            {!record && (
              <Card>
                <EmptyState icon={UserRoundX} title={t.noRecordTitle} text={t.noRecordText} />
              </Card>
            )}
            {card && (
              <section aria-label={t.card}>
                <MembershipCard card={card} />
                <ButtonLink
                  link={links.myCard(tenant.slug)}
                  variant="subtle"
                  size="sm"
                  mt="xs"
                  leftSection={<IdCard size={16} aria-hidden />}
                >
                  {t.cardOpen}
                </ButtonLink>
              </section>
            )}
            {props.cards.map(({ id, Card: Slot }) => (
              <Slot key={id} />
            ))}
          </Stack>
          {record && (
            <Stack gap="md">
              <MyData record={record} onAsked={() => retry({ requestPolicy: 'network-only' })} />
              <ConsentCard record={record} />
            </Stack>
          )}
        </div>
      )}
    </Page>
  );
}

function MyData(props: { record: MyRecord; onAsked: () => void }) {
  const t = useTexts(portalTexts);
  const r = useTexts(recordTexts);
  const format = useFormat();
  const { record } = props;
  const [asking, setAsking] = useState(false);
  const tones = { PENDING: 'brand', APPROVED: 'good', REJECTED: 'bad' } as const;
  const facts: [string, ReactNode][] = [
    [t.unit, record.unit.name],
    [r.fields.BIRTH_DATE, format.day(record.birthDate)],
    [r.fields.PHONE, record.phone],
    [r.fields.EMAIL, record.email],
    [r.fields.WORKPLACE, record.workplace],
    [r.fields.POSITION, record.position],
    [r.fields.JOINED_ON, record.joinedOn && format.day(record.joinedOn)],
    [r.fields.CARD_NUMBER, record.cardNumber],
  ];
  const corrections = record.corrections.nodes;
  return (
    <Card title={t.data}>
      <Text fw={600} mb="sm">
        {record.fullName}
      </Text>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value || <span style={{ opacity: 0.75 }}>{t.notGiven}</span>}</dd>
          </div>
        ))}
      </dl>
      {record.state === 'ACTIVE' && (
        <Button size="sm" variant="light" mt="md" onClick={() => setAsking(true)}>
          {t.correct}
        </Button>
      )}
      {corrections.length > 0 && (
        <details style={{ marginTop: 16 }} open={corrections[0]?.state === 'PENDING'}>
          <summary>{t.corrections}</summary>
          {corrections.map((correction) => (
            <div key={correction.id} style={{ marginTop: 10 }}>
              <StateBadge tone={tones[correction.state]}>{t.states[correction.state]}</StateBadge>{' '}
              <Text span size="sm" c="dimmed">
                {format.date(correction.requestedAt)}
              </Text>
              <ChangesTable changes={correction.changes} />
              {correction.reason && <Text size="sm">{t.reason(correction.reason)}</Text>}
            </div>
          ))}
        </details>
      )}
      {asking && (
        <CorrectionDialog
          record={record}
          onClose={() => setAsking(false)}
          onSent={() => {
            setAsking(false);
            props.onAsked();
          }}
        />
      )}
    </Card>
  );
}
