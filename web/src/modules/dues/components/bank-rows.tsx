import { Button, NativeSelect, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, FailureState, ListSkeleton, StateBadge } from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useFormat, useTexts } from '#platform/languages';
import { type BankRowFacts, BankRowsQuery } from '../documents';
import { duesTexts } from '../texts';

const AssignDialog = lazy(() => import('./assign-dialog'));

type Outcome = BankRowFacts['outcome'];

const TONES = {
  MATCHED: 'good',
  UNMATCHED: 'warn',
  DUPLICATE: 'neutral',
  UNREADABLE: 'bad',
} as const;

/** The rows of a bank's list; payers that were not found can be chosen by hand. */
export function BankRows(props: {
  list: string;
  revision: number;
  waiting: boolean;
  onAssigned: () => void;
}) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const client = useClient();
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [row, setRow] = useState<BankRowFacts | null>(null);
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<BankRowFacts>(
    JSON.stringify([props.list, props.revision, outcome]),
    async (after) => {
      const answer = await client
        .query(
          BankRowsQuery,
          { list: props.list, outcome: outcome || null, first: 100, after },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.bankList?.rows, error: answer.error };
    },
  );
  const assignable = (one: BankRowFacts) =>
    props.waiting && (one.outcome === 'UNMATCHED' || one.outcome === 'MATCHED');
  const payer = (one: BankRowFacts) => (
    <>
      {one.memberName ?? '—'}
      {assignable(one) && (
        <Button variant="subtle" size="compact-xs" ml={4} onClick={() => setRow(one)}>
          {t.assign}
        </Button>
      )}
    </>
  );
  return (
    <Card
      title={t.rows}
      padded={false}
      aside={
        <NativeSelect
          aria-label={t.outcome}
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value as Outcome | '')}
          data={[
            { value: '', label: t.outcomeAll },
            ...Object.entries(t.outcomes).map(([value, label]) => ({ value, label })),
          ]}
        />
      }
    >
      {failure && (
        <div className="card-padded">
          <FailureState failure={failure} onRetry={reload} />
        </div>
      )}
      {loading && <ListSkeleton rows={6} />}
      {!loading && !failure && rows.length === 0 && (
        <Text c="dimmed" className="card-edge" pb={20}>
          {t.rowsEmpty}
        </Text>
      )}
      {rows.length > 0 && (
        <VirtualRows
          label={t.rows}
          columns={[
            { title: t.row, width: '70px' },
            { title: t.card, width: '130px' },
            { title: t.paidOn, width: '110px' },
            { title: t.sum, width: '120px' },
            { title: t.reference, width: 'minmax(90px, 1fr)' },
            { title: t.outcome, width: '130px' },
            { title: t.payer, width: 'minmax(180px, 2fr)' },
          ]}
          rows={rows}
          rowKey={(one) => String(one.number)}
          total={hasMore ? -1 : rows.length}
          estimatedRowHeight={phone ? 92 : 46}
          height="60dvh"
          onNearEnd={loadMore}
          cells={(one) => [
            <Text key="number" size="sm" className="tabular">
              {one.number}
            </Text>,
            <Text key="card" size="sm" className="truncate">
              {one.card}
            </Text>,
            <Text key="day" size="sm" className="tabular">
              {one.paidOn ? format.day(one.paidOn) : one.paidOnText}
            </Text>,
            <Text key="sum" size="sm" className="tabular">
              {one.kopecks === null ? one.amountText : format.money(one.kopecks)}
            </Text>,
            <Text key="reference" size="sm" className="truncate" title={one.reference}>
              {one.reference}
            </Text>,
            <StateBadge key="outcome" tone={TONES[one.outcome]}>
              {t.outcomes[one.outcome]}
            </StateBadge>,
            <Text key="payer" size="sm" component="div">
              {payer(one)}
            </Text>,
          ]}
          compact={
            phone
              ? (one) => (
                  <div style={{ padding: '8px 0' }}>
                    <Text fw={500} component="div">
                      {one.kopecks === null ? one.amountText : format.money(one.kopecks)}{' '}
                      <StateBadge tone={TONES[one.outcome]}>{t.outcomes[one.outcome]}</StateBadge>
                    </Text>
                    <Text size="sm" c="dimmed">
                      {one.paidOn ? format.day(one.paidOn) : one.paidOnText} · {one.card} ·{' '}
                      {one.reference}
                    </Text>
                    <Text size="sm" component="div">
                      {payer(one)}
                    </Text>
                  </div>
                )
              : undefined
          }
        />
      )}
      {row && (
        <Suspense>
          <AssignDialog
            list={props.list}
            row={row.number}
            onClose={() => setRow(null)}
            onAssigned={() => {
              setRow(null);
              props.onAssigned();
            }}
          />
        </Suspense>
      )}
    </Card>
  );
}
