import { Button, Checkbox, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import {
  ArrowDownUp,
  Download,
  FileUp,
  ListFilter,
  Search,
  UserPlus,
  UserSearch,
  Users,
  X,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { usePaged } from '#platform/client';
import { ButtonLink, EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useRegisterCells } from '../components/register-cells';
import { RegisterLinks } from '../components/register-links';
import { useUnits } from '../components/use-units';
import { type MemberRow, MembersQuery, MembersTotalQuery } from '../documents';
import { permissions } from '../permissions';
import { chipsOf, filterInput, noFilter, type RegisterFilter } from '../register-filter';
import { membersTexts } from '../texts';

// Opened by few: the list is there before them.
const BulkBar = lazy(() => import('../components/bulk-bar'));
const ExportDialog = lazy(() => import('../components/export-dialog'));
const FilterPanel = lazy(() => import('../components/filter-panel'));

type Sort = 'NAME' | 'UNIT' | 'BIRTH_DATE' | 'JOINED_ON';

const PAGE_SIZE = 100;

/** The register: everyone in the organization, searched, filtered, sorted. */
export default function RegisterPage() {
  const t = useTexts(membersTexts);
  const client = useClient();
  const navigate = useNavigate();
  const { tenant, may } = useTenancy();
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const units = useUnits();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [filter, setFilter] = useState<RegisterFilter>(noFilter);
  const [showFilters, setShowFilters] = useState(false);
  const [sort, setSort] = useState<Sort>('NAME');
  const [descending, setDescending] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [exporting, setExporting] = useState(false);
  const input = filterInput(filter, settled);

  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<MemberRow>(
    JSON.stringify([tenant.slug, input, sort, descending]),
    async (after) => {
      const answer = await client
        .query(
          MembersQuery,
          { first: PAGE_SIZE, after, filter: input, sort, descending },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.members, error: answer.error };
    },
  );
  const [counted] = useQuery({
    query: MembersTotalQuery,
    variables: { filter: input },
    requestPolicy: 'network-only',
  });
  const total = counted.fetching ? undefined : counted.data?.members.totalCount;
  // Nobody was found as written; the rows are those with names like it.
  const approximate = !counted.fetching && counted.data?.members.approximate === true;
  const filtered = Object.keys(input).length > 0;
  const mayImport = may(permissions.import);
  const selectable = may(permissions.invite) && !phone;
  const chips = chipsOf(filter, {
    unit: (id) => units.find((unit) => unit.id === id)?.name ?? t.unit,
    offices: t.offices,
    consents: t.consents,
    sexes: t.sexes,
    ages: t.ages,
    email: t.emails,
    account: t.accounts,
    left: t.leftOnly,
  });
  const { columns, cells, compact } = useRegisterCells();

  function toggle(id: string) {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  }

  function clearFilters() {
    setSearch('');
    setFilter(noFilter);
  }

  const box = (row: MemberRow) => (
    <Checkbox
      key="select"
      aria-label={t.select(row.fullName)}
      checked={selected.has(row.id)}
      onChange={() => toggle(row.id)}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );

  return (
    <Page
      title={t.registerTitle}
      subtitle={tenant.name}
      actions={
        <>
          {may(permissions.edit) && (
            <ButtonLink
              link={links.newMember(tenant.slug)}
              leftSection={<UserPlus size={17} aria-hidden />}
            >
              {t.addMember}
            </ButtonLink>
          )}
          {mayImport && (
            <ButtonLink
              link={links.imports(tenant.slug)}
              variant="default"
              leftSection={<FileUp size={17} aria-hidden />}
            >
              {t.importAction}
            </ButtonLink>
          )}
          <RegisterLinks />
        </>
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
            maxLength={100}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <NativeSelect
            label={t.sort}
            value={sort}
            onChange={(event) => setSort(event.currentTarget.value as Sort)}
            data={Object.entries(t.sorts).map(([value, label]) => ({ value, label }))}
          />
          <Button
            variant={descending ? 'light' : 'default'}
            aria-pressed={descending}
            aria-label={t.descending}
            title={t.descending}
            px={10}
            onClick={() => setDescending((before) => !before)}
          >
            <ArrowDownUp size={17} aria-hidden />
          </Button>
          <Button
            variant={showFilters || chips.length > 0 ? 'light' : 'default'}
            aria-expanded={showFilters}
            leftSection={<ListFilter size={17} aria-hidden />}
            onClick={() => setShowFilters((before) => !before)}
          >
            {chips.length > 0 ? t.filtersOn(chips.length) : t.filters}
          </Button>
          {may(permissions.export) && (
            <Button
              variant="default"
              leftSection={<Download size={17} aria-hidden />}
              disabled={approximate}
              onClick={() => setExporting(true)}
            >
              {t.export}
            </Button>
          )}
        </Group>
        {showFilters && (
          <Suspense fallback={<ListSkeleton rows={2} />}>
            <FilterPanel filter={filter} units={units} onChange={setFilter} />
          </Suspense>
        )}
        {chips.length > 0 && (
          <Group gap={8} px="md" pb="sm">
            {chips.map((chip) => (
              <Button
                key={chip.id}
                variant="light"
                size="compact-sm"
                radius="xl"
                rightSection={<X size={14} aria-hidden />}
                aria-label={t.removeFilter(chip.label)}
                onClick={() => setFilter(chip.without)}
              >
                {chip.label}
              </Button>
            ))}
          </Group>
        )}
        {selected.size > 0 ? (
          <Suspense>
            <BulkBar selected={selected} onClear={() => setSelected(new Set())} />
          </Suspense>
        ) : (
          <Text size="sm" c="dimmed" px="md" pb="xs" role="status" aria-live="polite">
            {!loading &&
              !stale &&
              total !== undefined &&
              (approximate ? t.approximate(rows.length, total) : t.members(total))}
          </Text>
        )}
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
              columns={selectable ? [{ title: ' ', width: '28px' }, ...columns] : columns}
              rows={rows}
              rowKey={(row) => row.id}
              total={total ?? -1}
              estimatedRowHeight={phone ? 62 : 44}
              height="calc(100dvh - 340px)"
              onNearEnd={loadMore}
              onRowClick={(row) => void navigate(links.member(tenant.slug, row.id))}
              cells={(row) => (selectable ? [box(row), ...cells(row)] : cells(row))}
              compact={phone ? compact : undefined}
            />
          </div>
        )}
        {hasMore && <span className="visually-hidden">{t.found(rows.length, true)}</span>}
      </div>
      {exporting && (
        <Suspense>
          <ExportDialog
            filter={input}
            sort={sort}
            descending={descending}
            onClose={() => setExporting(false)}
          />
        </Suspense>
      )}
    </Page>
  );
}
