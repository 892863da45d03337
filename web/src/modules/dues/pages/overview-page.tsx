import { Button, Select, Stack, Text } from '@mantine/core';
import { HandCoins, Landmark, Percent, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useQuery } from 'urql';
import { type ResultOf, readFailure } from '#platform/client';
import { ButtonLink, Card, FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { ByUnit } from '../components/by-unit';
import { useRateWords } from '../components/rate-words';
import { SetRateDialog } from '../components/set-rate-dialog';
import { useDuesUnits } from '../components/use-dues-units';
import { OverviewQuery } from '../documents';
import { permissions } from '../permissions';
import { duesTexts } from '../texts';
import '../dues.css';

const RecordPaymentDialog = lazy(() => import('../components/record-payment-dialog'));

/** The treasurer's overview: what is owed, charged and paid, where and when. */
export default function DuesPage() {
  const t = useTexts(duesTexts);
  const { tenant, may } = useTenancy();
  const units = useDuesUnits();
  const [unit, setUnit] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'rate' | 'payment' | null>(null);
  const [{ data, error, fetching }, retry] = useQuery({
    query: OverviewQuery,
    variables: { unit },
  });

  return (
    <Page
      title={t.title}
      subtitle={tenant.name}
      actions={
        <>
          {may(permissions.record) && (
            <Button
              leftSection={<Plus size={17} aria-hidden />}
              onClick={() => setDialog('payment')}
            >
              {t.recordPayment}
            </Button>
          )}
          {may(permissions.charge) && (
            <ButtonLink
              link={links.chargeDues(tenant.slug)}
              variant="default"
              leftSection={<HandCoins size={17} aria-hidden />}
            >
              {t.charge}
            </ButtonLink>
          )}
          {may(permissions.record) && (
            <ButtonLink
              link={links.bankLists(tenant.slug)}
              variant="default"
              leftSection={<Landmark size={17} aria-hidden />}
            >
              {t.bank}
            </ButtonLink>
          )}
        </>
      }
    >
      <Stack gap="lg">
        <Select
          label={t.unit}
          placeholder={t.wholeTenant}
          searchable
          clearable
          nothingFoundMessage={t.noUnit}
          maw={460}
          data={units.map((option) => ({ value: option.id, label: option.name }))}
          value={unit}
          onChange={setUnit}
        />
        {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
        {!data && fetching && <ListSkeleton rows={8} />}
        {data && (
          <div className="dues-columns">
            <Stack gap="lg">
              <Months months={data.duesByMonth} />
              <ByUnit unit={unit} />
            </Stack>
            <Stack gap="lg">
              <Debt {...data.duesDebt} />
              <Rates
                rates={data.duesRates.nodes}
                onSet={may(permissions.manage) ? () => setDialog('rate') : undefined}
              />
              <Runs runs={data.chargeRuns.nodes} />
            </Stack>
          </div>
        )}
      </Stack>
      <SetRateDialog unit={unit} opened={dialog === 'rate'} onClose={() => setDialog(null)} />
      {dialog === 'payment' && (
        <Suspense>
          <RecordPaymentDialog
            member={null}
            onClose={() => setDialog(null)}
            onRecorded={() => retry({ requestPolicy: 'network-only' })}
          />
        </Suspense>
      )}
    </Page>
  );
}

type Overview = ResultOf<typeof OverviewQuery>;

function Debt(props: Overview['duesDebt']) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return (
    <Card title={t.debt}>
      {props.debtors === 0 ? (
        <Text>{t.debtNone}</Text>
      ) : (
        <>
          <Text fz={28} fw={650} lh={1.2} className="tabular">
            {format.money(props.kopecks)}
          </Text>
          <Text size="sm" c="dimmed" mb="md">
            {t.debtorsCount(props.debtors)}
          </Text>
          <ButtonLink link={links.debtors(tenant.slug)} variant="light" size="sm">
            {t.openDebtors}
          </ButtonLink>
        </>
      )}
    </Card>
  );
}

function Months(props: { months: Overview['duesByMonth'] }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  return (
    <Card title={t.byMonth} padded={false}>
      <table className="sums">
        <thead>
          <tr>
            <th scope="col">{t.month}</th>
            <th scope="col" data-sum>
              {t.charged}
            </th>
            <th scope="col" data-sum>
              {t.paid}
            </th>
            <th scope="col">{t.share}</th>
          </tr>
        </thead>
        <tbody>
          {[...props.months].reverse().map((month) => {
            const share = month.chargedKopecks > 0 ? month.paidKopecks / month.chargedKopecks : 0;
            return (
              <tr key={month.month}>
                <td data-head>{format.month(month.month)}</td>
                <td data-sum data-label={t.charged}>
                  {format.money(month.chargedKopecks)}
                </td>
                <td data-sum data-label={t.paid}>
                  {format.money(month.paidKopecks)}
                </td>
                <td data-label={t.share}>
                  {month.chargedKopecks > 0 ? (
                    <span style={{ display: 'inline-block', minWidth: 90 }}>
                      <span className="tabular">
                        {format.percent(month.paidKopecks, month.chargedKopecks)}
                      </span>
                      <span className="sums-bar" aria-hidden>
                        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
                      </span>
                    </span>
                  ) : (
                    '—'
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

function Rates(props: { rates: Overview['duesRates']['nodes']; onSet?: () => void }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const words = useRateWords();
  return (
    <Card
      title={t.rates}
      padded={false}
      aside={
        props.onSet && (
          <Button
            variant="default"
            size="xs"
            leftSection={<Percent size={15} aria-hidden />}
            onClick={props.onSet}
          >
            {t.setRate}
          </Button>
        )
      }
    >
      {props.rates.length === 0 && (
        <Text c="dimmed" className="card-edge" pb={20}>
          {t.ratesEmpty}
        </Text>
      )}
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {props.rates.map((rate) => (
          <li key={rate.id} className="card-edge" style={{ paddingTop: 10, paddingBottom: 10 }}>
            <Text fw={500}>{words(rate)}</Text>
            <Text size="sm" c="dimmed">
              {rate.unit.name} · {t.rateFrom(format.month(rate.validFrom))}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Runs(props: { runs: Overview['chargeRuns']['nodes'] }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  return (
    <Card title={t.runs} padded={false}>
      {props.runs.length === 0 && (
        <Text c="dimmed" className="card-edge" pb={20}>
          {t.runsEmpty}
        </Text>
      )}
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {props.runs.map((run) => (
          <li key={run.id} className="card-edge" style={{ paddingTop: 10, paddingBottom: 10 }}>
            <Text fw={500}>{format.month(run.month)}</Text>
            <Text size="sm" c="dimmed" component="div">
              {run.unit?.name} ·{' '}
              {run.summary ? (
                t.runDone(run.summary.charged, format.money(run.summary.totalKopecks))
              ) : (
                <StateBadge tone="brand">{t.runWaiting}</StateBadge>
              )}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
