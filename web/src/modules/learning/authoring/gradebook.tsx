import { Button, Group, NativeSelect, Progress, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { Download, Search, UserPlus, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient } from 'urql';
import { failureText, readFailure, usePaged } from '#platform/client';
import {
  EmptyState,
  FailureState,
  ListSkeleton,
  StateBadge,
  type Tone,
  toast,
} from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useFormat, useTexts } from '#platform/languages';
import { DeadlineBadge } from '../components/deadline-badge';
import { csvOf, saveText } from './csv';
import { type CourseDraftDetails, GradebookQuery, type GradebookRow } from './documents';
import { authoringTexts } from './texts';

const LearnerDialog = lazy(() => import('./learner-dialog'));
const EnrolDialog = lazy(() => import('./enrol-dialog'));

const PAGE_SIZE = 100;
const TONES: Record<GradebookRow['state'], Tone> = {
  ENROLLED: 'neutral',
  IN_PROGRESS: 'brand',
  COMPLETED: 'good',
  WITHDRAWN: 'neutral',
};

/** Who is enrolled and how far: search, filter, export, enrol, withdraw. */
export default function Gradebook(props: { course: CourseDraftDetails }) {
  const t = useTexts(authoringTexts);
  const format = useFormat();
  const client = useClient();
  const { course } = props;
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const [enrolling, setEnrolling] = useState(false);
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [state, setState] = useState<GradebookRow['state'] | ''>('');
  const [exporting, setExporting] = useState(false);
  const [opened, setOpened] = useState<GradebookRow | null>(null);

  async function page(after: string | null) {
    const answer = await client
      .query(
        GradebookQuery,
        {
          course: course.id,
          first: PAGE_SIZE,
          after,
          search: settled || null,
          state: state ? [state] : null,
        },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    const node = answer.data?.node;
    return {
      page: node?.__typename === 'Course' ? node.gradebook : undefined,
      error: answer.error,
    };
  }

  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<GradebookRow>(
    JSON.stringify([course.id, settled, state]),
    page,
  );

  async function exportAll() {
    setExporting(true);
    const all: GradebookRow[] = [];
    let after: string | null = null;
    for (;;) {
      const answer = await page(after);
      if (!answer.page) {
        if (answer.error) toast.bad(failureText(readFailure(answer.error)));
        setExporting(false);
        return;
      }
      all.push(...answer.page.nodes);
      if (!answer.page.pageInfo.hasNextPage) break;
      after = answer.page.pageInfo.endCursor;
    }
    const { column } = t;
    const head = [
      column.name,
      column.unit,
      column.state,
      column.progress,
      column.score,
      column.due,
      column.seen,
      column.certificate,
    ];
    saveText(
      t.csvName(course.title),
      csvOf([
        head,
        ...all.map((row) => [
          row.learner.fullName,
          row.learner.unit,
          t.enrolmentStates[row.state],
          `${row.done} / ${row.total}`,
          row.bestPercent === null ? null : `${row.bestPercent} %`,
          row.dueAt && format.date(row.dueAt),
          row.lastSeenAt && format.date(row.lastSeenAt),
          row.certificate?.number ?? null,
        ]),
      ]),
    );
    setExporting(false);
  }

  const filtered = settled !== '' || state !== '';
  const enrol = (
    <Button
      leftSection={<UserPlus size={17} aria-hidden />}
      disabled={course.state !== 'PUBLISHED'}
      onClick={() => setEnrolling(true)}
    >
      {t.enrol}
    </Button>
  );
  const progress = (row: GradebookRow) => (
    <Group gap={8} wrap="nowrap">
      <Progress.Root size="sm" style={{ flex: 1, minWidth: 40 }}>
        <Progress.Section
          value={row.total === 0 ? 0 : (100 * row.done) / row.total}
          aria-label={`${t.column.progress}: ${row.done} / ${row.total}`}
        />
      </Progress.Root>
      <Text size="sm" className="tabular">
        {row.done}/{row.total}
      </Text>
    </Group>
  );
  const badge = (row: GradebookRow) => (
    <StateBadge tone={TONES[row.state]}>{t.enrolmentStates[row.state]}</StateBadge>
  );
  const due = (row: GradebookRow) =>
    row.state === 'COMPLETED' || row.state === 'WITHDRAWN' || !row.dueAt ? (
      <Text size="sm" className="tabular">
        {row.dueAt ? format.day(row.dueAt.slice(0, 10)) : '—'}
      </Text>
    ) : (
      <DeadlineBadge due={row.dueAt} />
    );

  return (
    <div className="card">
      <Group gap="sm" p="md" align="flex-end">
        <TextInput
          label={t.gradebookSearch}
          type="search"
          leftSection={<Search size={17} aria-hidden />}
          style={{ flex: '1 1 220px' }}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <NativeSelect
          label={t.gradebookState}
          value={state}
          onChange={(event) => setState(event.currentTarget.value as typeof state)}
        >
          <option value="">{t.anyState}</option>
          {Object.entries(t.enrolmentStates).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
        <Button
          variant="default"
          leftSection={<Download size={16} aria-hidden />}
          loading={exporting}
          disabled={rows.length === 0}
          onClick={() => void exportAll()}
        >
          {t.csv}
        </Button>
        {enrol}
      </Group>
      {course.state !== 'PUBLISHED' && (
        <Text size="sm" c="dimmed" px="md" pb="sm">
          {t.enrolDraft}
        </Text>
      )}
      {failure && (
        <div className="card-padded">
          <FailureState failure={failure} onRetry={reload} />
        </div>
      )}
      {loading && <ListSkeleton rows={6} />}
      {!loading && !stale && !failure && rows.length === 0 && (
        <EmptyState
          icon={Users}
          title={filtered ? t.nobodyFound : t.noLearnersTitle}
          text={filtered ? undefined : t.noLearnersText}
        />
      )}
      {rows.length > 0 && (
        <div style={{ opacity: stale ? 0.55 : 1 }} aria-busy={stale}>
          <VirtualRows
            label={t.gradebook}
            columns={[
              { title: t.column.name, width: 'minmax(210px, 2.4fr)' },
              { title: t.column.state, width: '110px' },
              { title: t.column.progress, width: 'minmax(100px, 0.9fr)' },
              { title: t.column.score, width: '84px' },
              { title: t.column.due, width: '176px' },
              { title: t.column.seen, width: '104px' },
            ]}
            rows={rows}
            rowKey={(row) => row.id}
            total={hasMore ? -1 : rows.length}
            estimatedRowHeight={phone ? 92 : 52}
            height="calc(100dvh - 320px)"
            onNearEnd={loadMore}
            onRowClick={setOpened}
            cells={(row) => [
              <div key="name">
                <Text size="sm" fw={500} className="truncate" title={row.learner.fullName}>
                  {row.learner.fullName}
                </Text>
                <Text size="xs" c="dimmed" className="truncate">
                  {row.learner.unit ?? '—'}
                </Text>
              </div>,
              badge(row),
              progress(row),
              <Text key="score" size="sm" className="tabular">
                {row.bestPercent === null ? '—' : `${row.bestPercent} %`}
              </Text>,
              due(row),
              <Text key="seen" size="sm" className="tabular">
                {row.lastSeenAt ? format.day(row.lastSeenAt.slice(0, 10)) : t.never}
              </Text>,
            ]}
            compact={
              phone
                ? (row) => (
                    <div style={{ padding: '10px 0' }}>
                      <Text fw={500}>{row.learner.fullName}</Text>
                      <Group gap={8} mb={4}>
                        {badge(row)}
                        {due(row)}
                      </Group>
                      {progress(row)}
                    </div>
                  )
                : undefined
            }
          />
        </div>
      )}
      <Suspense>
        {enrolling && (
          <EnrolDialog
            course={course.id}
            onClose={() => setEnrolling(false)}
            onEnrolled={() => reload()}
          />
        )}
        {opened && (
          <LearnerDialog
            course={course}
            row={opened}
            onClose={() => setOpened(null)}
            onChanged={reload}
          />
        )}
      </Suspense>
    </div>
  );
}
