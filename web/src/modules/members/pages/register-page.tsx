import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { FileUp, Search, UserSearch, Users } from 'lucide-react';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { type ResultOf, usePaged } from '#platform/client';
import { ButtonLink, EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { MemberPanel } from '../components/member-panel';
import { useUnits } from '../components/use-units';
import { MemberCountQuery, MembersQuery } from '../documents';
import { permissions } from '../permissions';
import { membersTexts } from '../texts';

/** A row of the register. */
export type MemberRow = ResultOf<typeof MembersQuery>['members']['nodes'][number];

const PAGE_SIZE = 100;

/** The register: everyone in the organization, searchable. */
export default function RegisterPage() {
  const t = useTexts(membersTexts);
  const format = useFormat();
  const client = useClient();
  const { tenant, may } = useTenancy();
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const units = useUnits();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [unit, setUnit] = useState<string | null>(null);
  const [opened, setOpened] = useState<MemberRow | null>(null);

  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<MemberRow>(
    JSON.stringify([tenant.slug, settled, unit]),
    async (after) => {
      const answer = await client
        .query(
          MembersQuery,
          { first: PAGE_SIZE, after, search: settled || null, unit },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.members, error: answer.error };
    },
  );

  const filtered = settled !== '' || unit !== null;
  const [counted] = useQuery({
    query: MemberCountQuery,
    variables: { unit },
    requestPolicy: 'network-only',
    pause: settled !== '',
  });
  const total = settled === '' ? counted.data?.memberCount : undefined;
  const exact = hasMore ? total : rows.length;
  const mayImport = may(permissions.import);

  function clearFilters() {
    setSearch('');
    setUnit(null);
  }

  return (
    <Page
      title={t.registerTitle}
      subtitle={tenant.name}
      actions={
        mayImport && (
          <ButtonLink
            link={links.imports(tenant.slug)}
            leftSection={<FileUp size={17} aria-hidden />}
          >
            {t.importAction}
          </ButtonLink>
        )
      }
    >
      <div className="card">
        <Group gap="sm" p="md" align="flex-end">
          <TextInput
            label={t.search}
            type="search"
            placeholder={t.searchPlaceholder}
            leftSection={<Search size={17} aria-hidden />}
            style={{ flex: '1 1 240px' }}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Select
            label={t.unit}
            placeholder={t.allUnits}
            searchable
            clearable
            nothingFoundMessage={t.noUnit}
            style={{ flex: '1 1 240px' }}
            data={units.map((option) => ({ value: option.id, label: option.name }))}
            value={unit}
            onChange={setUnit}
          />
        </Group>
        <Text size="sm" c="dimmed" px="md" pb="xs" role="status" aria-live="polite">
          {!loading &&
            !stale &&
            rows.length > 0 &&
            (settled === '' && exact !== undefined
              ? t.members(exact)
              : t.found(rows.length, hasMore))}
        </Text>
        {failure && (
          <div style={{ padding: 16 }}>
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && !failure && <ListSkeleton rows={10} />}
        {!loading &&
          !failure &&
          rows.length === 0 &&
          !stale &&
          (filtered ? (
            <EmptyState
              icon={UserSearch}
              title={t.nobodyTitle}
              text={t.nobodyText}
              action={
                <Button variant="default" onClick={clearFilters}>
                  {t.clearFilters}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={Users}
              title={t.emptyTitle}
              text={mayImport ? t.emptyText : t.emptyTextReader}
              action={
                mayImport && (
                  <ButtonLink link={links.imports(tenant.slug)}>{t.importAction}</ButtonLink>
                )
              }
            />
          ))}
        {rows.length > 0 && (
          <div style={{ opacity: stale ? 0.55 : 1 }} aria-busy={stale}>
            <VirtualRows
              label={t.registerTitle}
              columns={[
                { title: t.name, width: 'minmax(220px, 2.2fr)' },
                { title: t.birthDate, width: '120px' },
                { title: t.unit, width: 'minmax(140px, 1.2fr)' },
                { title: t.workplace, width: 'minmax(140px, 1.5fr)' },
                { title: t.cardNumber, width: '120px' },
              ]}
              rows={rows}
              rowKey={(row) => row.id}
              total={exact ?? -1}
              estimatedRowHeight={phone ? 62 : 44}
              height="calc(100dvh - 340px)"
              onNearEnd={loadMore}
              onRowClick={setOpened}
              cells={(row) => [
                <Text key="name" size="sm" fw={500} className="truncate" title={row.fullName}>
                  {row.fullName}
                </Text>,
                <Text key="birth" size="sm" className="tabular">
                  {format.day(row.birthDate)}
                </Text>,
                <Text key="unit" size="sm" className="truncate">
                  {row.unit.name}
                </Text>,
                <Text key="work" size="sm" className="truncate" title={row.workplace ?? undefined}>
                  {row.workplace ?? '—'}
                </Text>,
                <Text key="card" size="sm" className="tabular">
                  {row.cardNumber ?? '—'}
                </Text>,
              ]}
              compact={
                phone
                  ? (row) => (
                      <div style={{ padding: '8px 0' }}>
                        <Text fw={500}>{row.fullName}</Text>
                        <Text size="sm" c="dimmed" className="truncate">
                          {format.day(row.birthDate)} · {row.unit.name}
                        </Text>
                      </div>
                    )
                  : undefined
              }
            />
          </div>
        )}
      </div>
      <MemberPanel member={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
