import { Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { Archive } from 'lucide-react';
import { useEffect } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import {
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
  type Tone,
  toast,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import {
  CancelTenantExport,
  OpenTenantExport,
  OrderTenantExport,
  type TenantExportFacts,
  TenantExportsQuery,
} from './export-documents';
import { exportTexts } from './export-texts';

/** So often is asked how far the export is. */
const ASK_AGAIN_MS = 2000;

const TONES: Record<TenantExportFacts['state'], Tone> = {
  RUNNING: 'brand',
  READY: 'good',
  FAILED: 'bad',
  CANCELLED: 'neutral',
  EXPIRED: 'neutral',
};

/** Everything of the organization in one archive: ordered, watched, fetched. */
export default function ExportPage() {
  const t = useTexts(exportTexts);
  const failureText = useFailureText();
  const [{ data, error }, again] = useQuery({
    query: TenantExportsQuery,
    requestPolicy: 'cache-and-network',
  });
  const [{ fetching: ordering }, order] = useMutation(OrderTenantExport);
  const [{ fetching: cancelling }, cancel] = useMutation(CancelTenantExport);
  const [{ fetching: opening }, open] = useMutation(OpenTenantExport);
  const exports = data?.tenantExports ?? [];
  const running = exports.some((one) => one.state === 'RUNNING');

  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => again({ requestPolicy: 'network-only' }), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [running, again]);

  /** Tells what was refused; true when it was done. */
  function done(
    answer: { error?: Parameters<typeof readFailure>[0] | undefined },
    status: keyof typeof t.statuses | undefined,
  ): boolean {
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    else if (status && status !== 'OK') toast.bad(t.statuses[status]);
    if (status !== 'OK') return false;
    again({ requestPolicy: 'network-only' });
    return true;
  }

  async function onOrder() {
    const answer = await order({});
    if (done(answer, answer.data?.orderTenantExport.status)) toast.good(t.ordered);
  }

  async function onCancel(id: string) {
    const answer = await cancel({ export: id });
    if (done(answer, answer.data?.cancelTenantExport.status)) toast.good(t.cancelled);
  }

  async function onDownload(id: string) {
    const answer = await open({ export: id });
    const url = answer.data?.openTenantExport.url;
    if (done(answer, answer.data?.openTenantExport.status) && url) window.location.assign(url);
  }

  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      actions={
        data && (
          <Button onClick={() => void onOrder()} loading={ordering} disabled={running}>
            {t.order}
          </Button>
        )
      }
    >
      <Stack gap="lg">
        <Card title={t.what}>
          <Stack gap="md">
            <List spacing={6}>
              <List.Item>{t.whatTables}</List.Item>
              <List.Item>{t.whatFiles}</List.Item>
            </List>
            <Text c="dimmed" size="sm">
              {t.whatNot}
            </Text>
            <Note tone="warn" title={t.careTitle}>
              <Text>{t.care}</Text>
            </Note>
          </Stack>
        </Card>
        {error && !data && (
          <FailureState
            failure={readFailure(error)}
            onRetry={() => again({ requestPolicy: 'network-only' })}
          />
        )}
        {!data && !error && <ListSkeleton rows={3} />}
        {data && (
          <Card title={t.history} padded={false}>
            {exports.length === 0 && (
              <EmptyState icon={Archive} title={t.empty} text={t.emptyText} />
            )}
            <ul className="admin-rows list-rows" aria-label={t.history}>
              {exports.map((one) => (
                <ExportRow
                  key={one.id}
                  facts={one}
                  busy={cancelling || opening}
                  onCancel={() => void onCancel(one.id)}
                  onDownload={() => void onDownload(one.id)}
                />
              ))}
            </ul>
          </Card>
        )}
      </Stack>
    </Page>
  );
}

function ExportRow(props: {
  facts: TenantExportFacts;
  busy: boolean;
  onCancel: () => void;
  onDownload: () => void;
}) {
  const t = useTexts(exportTexts);
  const format = useFormat();
  const { facts } = props;
  const when = format.dateTime(facts.orderedAt);
  return (
    <li className="admin-row">
      <div className="admin-row-text">
        <Group gap="xs">
          <Text fw={500}>{t.by(facts.orderedBy, when)}</Text>
          <StateBadge tone={TONES[facts.state]}>{t.states[facts.state]}</StateBadge>
        </Group>
        {facts.state === 'RUNNING' && <Running facts={facts} />}
        {facts.state === 'READY' && (
          <Text size="sm" c="dimmed">
            {[
              t.rows(facts.rowCount),
              t.files(facts.filesTotal),
              format.bytes(facts.sizeBytes ?? 0),
              facts.expiresAt && t.until(format.date(facts.expiresAt)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        )}
        {facts.state === 'FAILED' && <Text size="sm">{t.failed}</Text>}
      </div>
      {facts.state === 'RUNNING' && (
        <Button
          size="sm"
          variant="default"
          loading={props.busy}
          aria-label={t.cancelOne(when)}
          onClick={props.onCancel}
        >
          {t.cancel}
        </Button>
      )}
      {facts.state === 'READY' && (
        <Button
          size="sm"
          loading={props.busy}
          aria-label={t.downloadOne(when)}
          onClick={props.onDownload}
        >
          {t.download}
        </Button>
      )}
    </li>
  );
}

function Running(props: { facts: TenantExportFacts }) {
  const t = useTexts(exportTexts);
  const { tablesDone, tablesTotal, filesDone, filesTotal } = props.facts;
  const begun = tablesTotal > 0;
  // The tables are the first half, the files the second: how long each takes nobody knows before.
  const half = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 50);
  const value = half(tablesDone, tablesTotal) + half(filesDone, filesTotal);
  return (
    <Stack gap={4} mt={4} maw={420}>
      <Progress value={value} aria-label={t.progress} />
      <Text size="sm" c="dimmed">
        {begun
          ? `${t.tables(tablesDone, tablesTotal)} · ${t.filesOf(filesDone, filesTotal)}`
          : t.waiting}
      </Text>
    </Stack>
  );
}
