import { Button, Group, Stack, Text } from '@mantine/core';
import { CalendarDays, CalendarPlus } from 'lucide-react';
import { useClient, useQuery } from 'urql';
import { readFailure, usePaged } from '#platform/client';
import { ButtonLink, Card, EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { SessionList } from '../components/session-list';
import { type SessionRow, SessionsQuery } from '../documents';
import { permissions } from '../permissions';
import { bodiesTexts } from '../texts';

/** All sessions: those ahead and those past. */
export default function SessionsPage() {
  const t = useTexts(bodiesTexts);
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [ahead, retry] = useQuery({
    query: SessionsQuery,
    variables: { state: ['OPEN', 'SCHEDULED'], first: 100, after: null },
  });
  const past = usePaged<SessionRow>(tenant.slug, async (after) => {
    const answer = await client
      .query(
        SessionsQuery,
        { state: ['CLOSED', 'CANCELLED'], first: 20, after },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    return { page: answer.data?.sessions, error: answer.error };
  });
  const upcoming = [...(ahead.data?.sessions.nodes ?? [])].sort((a, b) =>
    a.startsAt.localeCompare(b.startsAt),
  );
  const maySchedule = may(permissions.schedule);
  const schedule = maySchedule && (
    <ButtonLink
      link={links.scheduleSession(tenant.slug)}
      leftSection={<CalendarPlus size={17} aria-hidden />}
    >
      {t.scheduleAction}
    </ButtonLink>
  );
  const nothing = ahead.data && upcoming.length === 0 && !past.loading && past.rows.length === 0;
  const failure = ahead.error ? readFailure(ahead.error) : past.failure;
  return (
    <Page title={t.sessions} subtitle={tenant.name} actions={schedule} width="reading">
      {failure && (
        <FailureState
          failure={failure}
          onRetry={() => {
            retry({ requestPolicy: 'network-only' });
            past.reload();
          }}
        />
      )}
      {nothing && !failure ? (
        <div className="card">
          <EmptyState
            icon={CalendarDays}
            title={t.sessionsEmptyTitle}
            text={maySchedule ? t.sessionsEmptyText : t.sessionsEmptyReader}
          />
        </div>
      ) : (
        !failure && (
          <Stack gap="lg">
            <Card title={t.upcoming} padded={false}>
              {!ahead.data && <ListSkeleton rows={3} />}
              {ahead.data && upcoming.length === 0 && (
                <Text c="dimmed" px={20} pb={20}>
                  {t.upcomingEmpty}
                </Text>
              )}
              <SessionList sessions={upcoming} />
            </Card>
            <Card title={t.past} padded={false}>
              {past.loading && <ListSkeleton rows={3} />}
              {!past.loading && past.rows.length === 0 && (
                <Text c="dimmed" px={20} pb={20}>
                  {t.pastEmpty}
                </Text>
              )}
              <SessionList sessions={past.rows} />
              {past.hasMore && (
                <Group justify="center" p="sm">
                  <Button variant="subtle" onClick={past.loadMore}>
                    {t.showMore}
                  </Button>
                </Group>
              )}
            </Card>
          </Stack>
        )
      )}
    </Page>
  );
}
