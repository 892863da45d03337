import { Anchor, Group, NativeSelect, Select, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useDuesUnits } from '../components/use-dues-units';
import { type DebtorFacts, DebtorsQuery } from '../documents';
import { duesTexts } from '../texts';

/** Who owes dues for months that are over, the largest debt first. */
export default function DebtorsPage() {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const client = useClient();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const units = useDuesUnits();
  const [unit, setUnit] = useState<string | null>(null);
  const [least, setLeast] = useState(1);
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<DebtorFacts>(
    JSON.stringify([tenant.slug, unit, least]),
    async (after) => {
      const answer = await client
        .query(
          DebtorsQuery,
          { unit, monthsAtLeast: least, first: 100, after },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.debtors, error: answer.error };
    },
  );
  return (
    <Page
      title={t.debtorsTitle}
      subtitle={tenant.name}
      back={{ label: t.title, link: links.dues(tenant.slug) }}
    >
      <div className="card">
        <Group gap="sm" p="md" align="flex-end">
          <Select
            label={t.unit}
            placeholder={t.wholeTenant}
            searchable
            clearable
            nothingFoundMessage={t.noUnit}
            style={{ flex: '1 1 240px' }}
            data={units.map((option) => ({ value: option.id, label: option.name }))}
            value={unit}
            onChange={setUnit}
          />
          <NativeSelect
            label={t.atLeast}
            style={{ flex: '0 1 220px' }}
            value={String(least)}
            onChange={(event) => setLeast(Number(event.currentTarget.value))}
            data={[1, 2, 3, 6, 12].map((n) => ({ value: String(n), label: t.atLeastMonths(n) }))}
          />
        </Group>
        {failure && (
          <div className="card-padded">
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && <ListSkeleton rows={8} />}
        {!loading && !failure && !stale && rows.length === 0 && (
          <EmptyState icon={CircleCheck} title={t.debtorsEmpty} text={t.debtorsEmptyText} />
        )}
        {rows.length > 0 && (
          <div style={{ opacity: stale ? 0.55 : 1 }} aria-busy={stale}>
            <VirtualRows
              label={t.debtorsTitle}
              columns={[
                { title: t.name, width: 'minmax(200px, 2fr)' },
                { title: t.unit, width: 'minmax(140px, 1.4fr)' },
                { title: t.overdueMonths, width: '110px' },
                { title: t.since, width: '150px' },
                { title: t.debtSum, width: '130px' },
              ]}
              rows={rows}
              rowKey={(row) => row.member}
              total={hasMore ? -1 : rows.length}
              estimatedRowHeight={phone ? 64 : 46}
              height="calc(100dvh - 320px)"
              onNearEnd={loadMore}
              onRowClick={(row) => void navigate(links.memberDues(tenant.slug, row.member))}
              cells={(row) => [
                <Anchor
                  key="name"
                  size="sm"
                  fw={500}
                  renderRoot={(rest) => (
                    <Link {...links.memberDues(tenant.slug, row.member)} {...rest} />
                  )}
                >
                  {row.fullName}
                </Anchor>,
                <Text key="unit" size="sm" className="truncate">
                  {row.unit?.name}
                </Text>,
                <Text key="months" size="sm">
                  {t.monthsCount(row.months)}
                </Text>,
                <Text key="since" size="sm">
                  {format.month(row.since)}
                </Text>,
                <Text key="debt" size="sm" fw={500} ta="right" className="tabular">
                  {format.money(row.debtKopecks)}
                </Text>,
              ]}
              compact={
                phone
                  ? (row) => (
                      <div style={{ padding: '8px 0' }}>
                        <Group justify="space-between" wrap="nowrap" gap="sm">
                          <Text fw={500} className="truncate">
                            {row.fullName}
                          </Text>
                          <Text fw={500} className="tabular" style={{ whiteSpace: 'nowrap' }}>
                            {format.money(row.debtKopecks)}
                          </Text>
                        </Group>
                        <Text size="sm" c="dimmed" className="truncate">
                          {t.monthsCount(row.months)} · {row.unit?.name}
                        </Text>
                      </div>
                    )
                  : undefined
              }
            />
          </div>
        )}
      </div>
    </Page>
  );
}
