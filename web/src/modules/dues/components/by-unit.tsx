import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { DuesByUnitQuery, type UnitTakings } from '../documents';
import { monthOf } from '../sums';
import { duesTexts } from '../texts';
import { MonthSelect } from './month-select';

/** What came together in each unit right below another, in one month. */
export function ByUnit(props: { unit: string | null }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const client = useClient();
  const { tenant } = useTenancy();
  const [month, setMonth] = useState(monthOf(new Date()));
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<UnitTakings>(
    JSON.stringify([tenant.slug, props.unit, month]),
    async (after) => {
      const answer = await client
        .query(
          DuesByUnitQuery,
          { month, unit: props.unit, first: 50, after },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.duesByUnit, error: answer.error };
    },
  );
  return (
    <Card
      title={t.byUnit}
      padded={false}
      aside={<MonthSelect label={t.month} value={month} onChange={setMonth} ahead={1} />}
    >
      {failure && (
        <div className="card-padded">
          <FailureState failure={failure} onRetry={reload} />
        </div>
      )}
      {loading && <ListSkeleton rows={4} />}
      {!loading && !failure && rows.length === 0 && (
        <Text c="dimmed" className="card-edge" pb={20}>
          {t.byUnitEmpty}
        </Text>
      )}
      {rows.length > 0 && (
        <table className="sums">
          <thead>
            <tr>
              <th scope="col">{t.unit}</th>
              <th scope="col" data-sum>
                {t.charged}
              </th>
              <th scope="col" data-sum>
                {t.paid}
              </th>
              <th scope="col" data-sum>
                {t.share}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.unit.id}>
                <td data-head>
                  {row.unit.name}
                  <Text size="xs" c="dimmed">
                    {t.membersCharged(row.members)}
                  </Text>
                </td>
                <td data-sum data-label={t.charged}>
                  {format.money(row.chargedKopecks)}
                </td>
                <td data-sum data-label={t.paid}>
                  {format.money(row.paidKopecks)}
                </td>
                <td data-sum data-label={t.share}>
                  {row.chargedKopecks > 0
                    ? format.percent(row.paidKopecks, row.chargedKopecks)
                    : '—'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <div className="card-padded">
          <Button variant="default" size="sm" onClick={loadMore}>
            {t.loadMore}
          </Button>
        </div>
      )}
    </Card>
  );
}
