import { Button, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { useCallback } from 'react';
import { useClient, useMutation } from 'urql';
import { readFailure, useFailureText, usePaged } from '#platform/client';
import { Card, FailureState, Note, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import {
  type Campaign,
  CancelCampaign,
  ExportDeliveries,
  FailuresQuery,
  PauseCampaign,
  ResumeCampaign,
} from '../documents';
import { mailingsTexts } from '../texts';

const SHOWN = ['sent', 'pending', 'sending', 'bounced', 'failed', 'skipped', 'uncertain'] as const;

type Failed = {
  id: string;
  fullName: string;
  address: string;
  state: keyof typeof mailingsTexts.ru.deliveryStates;
  reason: string | null;
};

/** What became of the letters: live counts, steps, failures. */
export default function DeliveryView({ campaign }: { campaign: Campaign }) {
  const t = useTexts(mailingsTexts);
  const format = useFormat();
  const failureText = useFailureText();
  const client = useClient();
  const confirm = useConfirm();
  const [, pause] = useMutation(PauseCampaign);
  const [, resume] = useMutation(ResumeCampaign);
  const [, cancel] = useMutation(CancelCampaign);
  const [exporting, exportCsv] = useMutation(ExportDeliveries);
  const { counts, state } = campaign;
  const done = counts.total - counts.pending - counts.sending;
  const failures = usePaged<Failed>(
    `${campaign.id}/${state}/${counts.bounced + counts.failed + counts.uncertain + counts.skipped}`,
    useCallback(
      async (after) => {
        const answer = await client
          .query(FailuresQuery, { id: campaign.id, after }, { requestPolicy: 'network-only' })
          .toPromise();
        const node = answer.data?.node;
        return {
          page: node?.__typename === 'Campaign' ? node.deliveries : undefined,
          error: answer.error,
        };
      },
      [client, campaign.id],
    ),
  );
  const variables = { campaign: campaign.id };

  async function download() {
    const answer = await exportCsv(variables);
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    if (answer.data) window.location.assign(answer.data.exportDeliveries.url);
  }

  return (
    <Stack gap="lg">
      {confirm.dialog}
      <Card>
        <Stack gap="md">
          {state === 'SCHEDULED' && campaign.scheduledAt && (
            <Text fw={600}>{t.scheduledFor(format.dateTime(campaign.scheduledAt))}</Text>
          )}
          {counts.total > 0 && (
            <div aria-live="polite">
              <Text size="sm" mb={6}>
                {campaign.isLedgerComplete ? t.progressLabel(done, counts.total) : t.ledgerGrows}
              </Text>
              <Progress
                value={(100 * done) / counts.total}
                aria-label={t.progressLabel(done, counts.total)}
              />
            </div>
          )}
          <Group gap="xl">
            {SHOWN.filter((key) => key === 'sent' || counts[key] > 0).map((key) => (
              <div key={key}>
                <Text size="xl" fw={650}>
                  {counts[key]}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.deliveryStates[key.toUpperCase() as keyof typeof t.deliveryStates]}
                </Text>
              </div>
            ))}
          </Group>
          {counts.uncertain > 0 && <Note tone="warn">{t.uncertainHelp}</Note>}
          <Group gap="sm">
            {campaign.viewerCan.send && state === 'SENDING' && (
              <Button variant="default" onClick={() => void pause(variables)}>
                {t.pause}
              </Button>
            )}
            {campaign.viewerCan.send && state === 'PAUSED' && (
              <Button onClick={() => void resume(variables)}>{t.resume}</Button>
            )}
            {campaign.viewerCan.send && ['SCHEDULED', 'SENDING', 'PAUSED'].includes(state) && (
              <Button
                variant="default"
                color="red"
                onClick={() =>
                  confirm.ask({
                    title: t.cancelTitle,
                    text: t.cancelText,
                    confirm: t.cancel,
                    danger: true,
                    run: () => cancel(variables),
                  })
                }
              >
                {t.cancel}
              </Button>
            )}
            {counts.total > 0 && (
              <Button
                variant="default"
                loading={exporting.fetching}
                onClick={() => void download()}
              >
                {t.exportCsv}
              </Button>
            )}
          </Group>
        </Stack>
      </Card>
      {campaign.excluded.length > 0 && (
        <Card title={t.excludedTitle}>
          {campaign.excluded.map((one) => (
            <Text key={one.reason} size="sm">
              {one.count} — {t.exclusions[one.reason]}
            </Text>
          ))}
        </Card>
      )}
      <Card title={t.failures}>
        {failures.failure && <FailureState failure={failures.failure} onRetry={failures.reload} />}
        {failures.rows.length === 0 && !failures.loading && !failures.failure && (
          <Text c="dimmed">{t.failuresEmpty}</Text>
        )}
        {failures.rows.length > 0 && (
          <Table.ScrollContainer minWidth={300}>
            <Table>
              <Table.Tbody>
                {failures.rows.map((line) => (
                  <Table.Tr key={line.id}>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {line.fullName}
                      <Text size="sm" c="dimmed">
                        {line.address}
                      </Text>
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {t.deliveryStates[line.state]}
                      <Text size="sm" c="dimmed">
                        {line.reason && (t.reasons[line.reason] ?? line.reason)}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {failures.hasMore && (
          <Button variant="default" mt="md" onClick={failures.loadMore}>
            {t.more}
          </Button>
        )}
      </Card>
    </Stack>
  );
}
