import { Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import type { CombinedError } from '@urql/core';
import { HandCoins } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { Card, ListSkeleton, Note, Page } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { MonthSelect } from '../components/month-select';
import { useDuesUnits } from '../components/use-dues-units';
import { useRefusalText } from '../components/use-refusal-text';
import { type ChargeCounts, ChargeMonth, ChargePreviewQuery, ChargeRunQuery } from '../documents';
import { monthOf } from '../sums';
import { duesTexts } from '../texts';

/** How often a charging under way is asked about. */
const ASK_AGAIN_MS = 1_000;

/** Charges a month: first what it comes to, then the confirmation, then how it ended. */
export default function ChargePage() {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const refusalText = useRefusalText();
  const client = useClient();
  const { tenant } = useTenancy();
  const units = useDuesUnits();
  const [chosen, setChosen] = useState<string | null>(null);
  const [month, setMonth] = useState(monthOf(new Date()));
  const [run, setRun] = useState<string | null>(null);
  const [refused, setRefused] = useState<CombinedError | undefined>();
  const { ask, dialog } = useConfirm();
  const root = units.find((unit) => unit.kind === 'APPARATUS')?.id ?? null;
  const unit = chosen ?? root;
  const [{ data, error, fetching }, reckon] = useQuery({
    query: ChargePreviewQuery,
    variables: { unit: unit ?? '', month },
    pause: unit === null,
    requestPolicy: 'network-only',
  });
  const done = useRun(run);
  const preview = data?.chargePreview;

  useEffect(() => {
    if (done) reckon({ requestPolicy: 'network-only' });
  }, [done, reckon]);

  function choose(apply: () => void) {
    setRun(null);
    setRefused(undefined);
    apply();
  }

  async function charge() {
    if (!unit) return;
    const answer = await client.mutation(ChargeMonth, { unit, month }).toPromise();
    setRefused(answer.error);
    if (answer.data) setRun(answer.data.chargeMonth.id);
  }

  return (
    <Page
      title={t.chargeTitle}
      subtitle={t.chargeHint}
      back={{ label: t.title, link: links.dues(tenant.slug) }}
      width="reading"
    >
      <Stack gap="lg">
        <Card>
          <Group gap="sm" align="flex-end">
            <Select
              label={t.unit}
              searchable
              allowDeselect={false}
              nothingFoundMessage={t.noUnit}
              style={{ flex: '1 1 260px' }}
              data={units.map((option) => ({ value: option.id, label: option.name }))}
              value={unit}
              onChange={(value) => choose(() => setChosen(value))}
            />
            <MonthSelect
              label={t.month}
              value={month}
              onChange={(value) => choose(() => setMonth(value))}
              ahead={1}
            />
          </Group>
        </Card>
        {(refused ?? error) && (
          <Note tone="bad">{refusalText((refused ?? error) as CombinedError)}</Note>
        )}
        {run && !done && (
          <Card>
            <Text role="status" mb="xs">
              {t.charging}
            </Text>
            <Progress.Root size="lg">
              <Progress.Section value={100} animated aria-label={t.charging} />
            </Progress.Root>
          </Card>
        )}
        {done && (
          <Note tone="good">
            <Text role="status">{t.chargeDone(done.charged, format.money(done.totalKopecks))}</Text>
          </Note>
        )}
        {!preview && fetching && <ListSkeleton rows={5} />}
        {preview && !(run && !done) && (
          <Card title={t.preview}>
            <Counts counts={preview} />
            <Group mt="lg">
              <Button
                size="md"
                leftSection={<HandCoins size={18} aria-hidden />}
                disabled={preview.charged === 0 || fetching}
                onClick={() =>
                  ask({
                    title: t.chargeConfirmTitle,
                    text: t.chargeConfirmText(
                      preview.charged,
                      format.money(preview.totalKopecks),
                      format.month(month),
                    ),
                    confirm: t.chargeConfirm,
                    run: charge,
                  })
                }
              >
                {t.charge}
              </Button>
              {preview.charged === 0 && <Text c="dimmed">{t.chargeNothing}</Text>}
            </Group>
          </Card>
        )}
      </Stack>
      {dialog}
    </Page>
  );
}

/** How a charging ended; null while it is under way. */
function useRun(run: string | null): ChargeCounts | null {
  const client = useClient();
  const [done, setDone] = useState<{ run: string; counts: ChargeCounts } | null>(null);
  useEffect(() => {
    if (!run) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    async function look() {
      const answer = await client
        .query(ChargeRunQuery, { run: run ?? '' }, { requestPolicy: 'network-only' })
        .toPromise();
      if (stopped) return;
      const counts = answer.data?.chargeRun?.summary;
      if (counts) setDone({ run: run ?? '', counts });
      else timer = setTimeout(() => void look(), ASK_AGAIN_MS);
    }
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, run]);
  return done && done.run === run ? done.counts : null;
}

function Counts(props: { counts: ChargeCounts }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const { counts } = props;
  const others: [string, number, string?][] = [
    [t.chargedBefore, counts.chargedBefore],
    [t.exempt, counts.exempt],
    [t.withoutRate, counts.withoutRate, t.withoutRateHint],
    [t.withoutSalary, counts.withoutSalary, t.withoutSalaryHint],
  ];
  return (
    <>
      <Text size="sm" c="dimmed">
        {t.toCharge}
      </Text>
      <Text fz={28} fw={650} lh={1.2} className="tabular">
        {format.money(counts.totalKopecks)}
      </Text>
      <Text mb="md">{t.people(counts.charged)}</Text>
      <dl className="facts">
        {others
          .filter(([, count]) => count > 0)
          .map(([label, count, hint]) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>
                {t.people(count)}
                {hint && (
                  <Text size="sm" c="dimmed">
                    {hint}
                  </Text>
                )}
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}
