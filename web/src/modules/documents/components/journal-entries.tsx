import { Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BookOpen } from 'lucide-react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { JournalEntriesQuery } from '../documents';
import { documentsTexts } from '../texts';

/** The lines of a journal: number and date first, as on paper. */
export function JournalEntries(props: { journal: string; year: number | null }) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const client = useClient();
  const { tenant } = useTenancy();
  const list = usePaged(`${props.journal}|${props.year}`, async (after) => {
    const answer = await client
      .query(
        JournalEntriesQuery,
        { journal: props.journal, year: props.year, first: 50, after },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    return { page: answer.data?.journalEntries, error: answer.error };
  });
  return (
    <div className="card" aria-busy={list.stale}>
      {list.failure && (
        <div className="card-padded">
          <FailureState failure={list.failure} onRetry={list.reload} />
        </div>
      )}
      {list.loading && !list.failure && <ListSkeleton rows={6} />}
      {!list.loading && !list.failure && list.rows.length === 0 && (
        <EmptyState icon={BookOpen} title={t.entriesEmpty} />
      )}
      <div className="list-rows">
        {list.rows.map((row) => (
          <Link
            key={row.id}
            {...links.document(tenant.slug, row.id)}
            className="row-link journal-row"
          >
            <div>
              <Text fw={600}>№ {row.number}</Text>
              <Text size="sm" c="dimmed">
                {row.registration && format.date(row.registration.at)}
              </Text>
            </div>
            <div style={{ minWidth: 0 }}>
              <Text fw={500} lineClamp={2}>
                {row.title}
              </Text>
              <Text size="sm" c="dimmed" lineClamp={2}>
                {[
                  row.correspondent,
                  row.theirNumber &&
                    t.theirs(row.theirNumber, row.theirDate && format.day(row.theirDate)),
                  row.executor?.name,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
          </Link>
        ))}
      </div>
      {list.hasMore && (
        <Group justify="center" p="md">
          <Button variant="default" onClick={list.loadMore}>
            {t.more}
          </Button>
        </Group>
      )}
    </div>
  );
}
