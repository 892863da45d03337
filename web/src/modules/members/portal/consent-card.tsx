import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Note, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useRecordRefusal } from '../record/use-record-refusal';
import { ConsentTextQuery, GiveConsent, type MyRecord, WithdrawConsent } from './documents';
import { portalTexts } from './texts';

const TOUCHED = { additionalTypenames: ['Member', 'ConsentText'] };

/** The member's consent: its text, giving it, withdrawing it, its history. */
export function ConsentCard(props: { record: MyRecord }) {
  const t = useTexts(portalTexts);
  const format = useFormat();
  const refusal = useRecordRefusal();
  const { record } = props;
  const [reading, setReading] = useState(false);
  const { ask, dialog } = useConfirm();
  const [{ data, error }, retry] = useQuery({ query: ConsentTextQuery });
  const [{ fetching: giving }, give] = useMutation(GiveConsent);
  const [, withdraw] = useMutation(WithdrawConsent);
  const text = data?.consentText;
  const given = record.consentState === 'GIVEN';
  const latest = record.consents.find((consent) => consent.act === 'GIVEN');
  const outdated = given && text !== undefined && latest?.textVersion !== text.version;

  async function agree() {
    if (!text) return;
    const answer = await give({ textVersion: text.version }, TOUCHED);
    if (answer.error) toast.bad(refusal(answer.error));
    else toast.good(t.consentGiven);
  }

  async function takeBack() {
    const answer = await withdraw({}, TOUCHED);
    if (answer.error) toast.bad(refusal(answer.error));
    else toast.good(t.withdrawn);
  }

  return (
    <Card title={t.consent}>
      <Note tone={given ? 'good' : 'warn'}>{t.consentNow[record.consentState]}</Note>
      {outdated && (
        <Text size="sm" mt="sm">
          {t.consentNewer}
        </Text>
      )}
      {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {reading && !text && <ListSkeleton rows={4} />}
      {reading && text && (
        <div style={{ marginTop: 16, maxHeight: 420, overflow: 'auto' }}>
          <Text fw={600}>{text.title}</Text>
          <Text size="sm" c="dimmed" mb="xs">
            {t.consentVersion(text.version)}
          </Text>
          {text.text.split(/\n\s*\n/).map((paragraph) => (
            <Text key={paragraph} size="sm" mb="xs">
              {paragraph}
            </Text>
          ))}
        </div>
      )}
      <Group gap="sm" mt="md">
        <Button
          size="sm"
          variant="default"
          aria-expanded={reading}
          onClick={() => setReading((before) => !before)}
        >
          {reading ? t.consentHide : t.consentRead}
        </Button>
        {(!given || outdated) && text && (
          <Button size="sm" loading={giving} onClick={() => void agree()}>
            {t.consentGive}
          </Button>
        )}
        {given && (
          <Button
            size="sm"
            variant="subtle"
            color="red"
            onClick={() =>
              ask({
                title: t.withdrawTitle,
                text: t.withdrawText,
                confirm: t.consentWithdraw,
                danger: true,
                run: takeBack,
              })
            }
          >
            {t.consentWithdraw}
          </Button>
        )}
      </Group>
      {record.consents.length > 0 && (
        <details style={{ marginTop: 16 }}>
          <summary>{t.consentHistory}</summary>
          <ul style={{ margin: '8px 0 0', paddingLeft: 20 }}>
            {record.consents.map((consent) => (
              <li key={consent.recordedAt + consent.act}>
                <Text size="sm">
                  {t.acts[consent.act]}, {format.day(consent.on)} ·{' '}
                  {t.consentVersion(consent.textVersion)}
                </Text>
              </li>
            ))}
          </ul>
        </details>
      )}
      {dialog}
    </Card>
  );
}
