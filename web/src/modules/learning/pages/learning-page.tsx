import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { BookOpen, GraduationCap, NotebookPen, Search } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { type ResultOf, usePaged } from '#platform/client';
import {
  ButtonLink,
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
} from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { EnrolmentRows } from '../components/enrolment-rows';
import { CatalogueQuery, type EnrolmentRow, MyEnrolmentsQuery } from '../documents';
import { plainText } from '../markdown/parse';
import { permissions } from '../permissions';
import { learningTexts } from '../texts';

type CatalogueRow = ResultOf<typeof CatalogueQuery>['courses']['nodes'][number];

const PAGE_SIZE = 30;

/** My courses, and below them all that can be learned here. */
export default function LearningPage() {
  const t = useTexts(learningTexts);
  const { tenant, may } = useTenancy();
  return (
    <Page
      title={t.title}
      subtitle={tenant.name}
      actions={
        may(permissions.author) && (
          <ButtonLink
            link={links.authoring(tenant.slug)}
            variant="default"
            leftSection={<NotebookPen size={17} aria-hidden />}
          >
            {t.authoring}
          </ButtonLink>
        )
      }
    >
      <Stack gap="lg">
        <MyCourses />
        <Catalogue />
      </Stack>
    </Page>
  );
}

function MyCourses() {
  const t = useTexts(learningTexts);
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<EnrolmentRow>(
    tenant.slug,
    async (after) => {
      const answer = await client
        .query(MyEnrolmentsQuery, { first: PAGE_SIZE, after }, { requestPolicy: 'network-only' })
        .toPromise();
      return { page: answer.data?.myEnrolments, error: answer.error };
    },
  );
  return (
    <Card title={t.myCourses} padded={false}>
      {failure && (
        <div className="card-padded">
          <FailureState failure={failure} onRetry={reload} />
        </div>
      )}
      {loading && <ListSkeleton rows={3} />}
      {!loading && !failure && rows.length === 0 && (
        <EmptyState icon={GraduationCap} title={t.myEmptyTitle} text={t.myEmptyText} />
      )}
      <EnrolmentRows enrolments={rows} />
      {hasMore && (
        <Group justify="center" p="md">
          <Button variant="default" onClick={loadMore}>
            {t.showMore}
          </Button>
        </Group>
      )}
    </Card>
  );
}

function Catalogue() {
  const t = useTexts(learningTexts);
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<CatalogueRow>(
    JSON.stringify([tenant.slug, settled]),
    async (after) => {
      const answer = await client
        .query(
          CatalogueQuery,
          { first: PAGE_SIZE, after, search: settled || null },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.courses, error: answer.error };
    },
  );
  const empty = !loading && !stale && !failure && rows.length === 0;
  return (
    <section aria-labelledby="catalogue">
      <Group justify="space-between" mb="md" gap="sm">
        <Text component="h2" id="catalogue" fz="xl" fw={600} m={0}>
          {t.catalogue}
        </Text>
        <TextInput
          type="search"
          aria-label={t.search}
          placeholder={t.searchPlaceholder}
          leftSection={<Search size={17} aria-hidden />}
          style={{ flex: '0 1 320px' }}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Group>
      {failure && <FailureState failure={failure} onRetry={reload} />}
      {loading && <ListSkeleton rows={4} />}
      {empty && (
        <div className="card">
          {settled ? (
            <EmptyState
              icon={Search}
              title={t.nothingFound}
              text={t.nothingFoundText}
              action={
                <Button variant="default" onClick={() => setSearch('')}>
                  {t.clearSearch}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={BookOpen}
              title={t.catalogueEmptyTitle}
              text={may(permissions.author) ? t.catalogueEmptyAuthor : t.catalogueEmptyText}
              action={
                may(permissions.author) && (
                  <ButtonLink link={links.authoring(tenant.slug)}>{t.authoring}</ButtonLink>
                )
              }
            />
          )}
        </div>
      )}
      <div className="course-grid" style={{ opacity: stale ? 0.55 : 1 }} aria-busy={stale}>
        {rows.map((course) => (
          <article key={course.id} className="card course-card" aria-label={course.title}>
            <Text fw={600}>{course.title}</Text>
            {course.summary && (
              <Text size="sm" c="dimmed">
                {plainText(course.summary)}
              </Text>
            )}
            <div className="course-card-foot">
              <Group gap={8}>
                <Text size="sm" c="dimmed">
                  {t.lessons(course.lessonCount)}
                </Text>
                {course.myEnrolment && course.myEnrolment.state !== 'WITHDRAWN' && (
                  <StateBadge tone={course.myEnrolment.state === 'COMPLETED' ? 'good' : 'brand'}>
                    {t.states[course.myEnrolment.state]}
                  </StateBadge>
                )}
              </Group>
              <ButtonLink link={links.course(tenant.slug, course.id)} variant="light" size="xs">
                {t.open}
              </ButtonLink>
            </div>
          </article>
        ))}
      </div>
      {hasMore && (
        <Group justify="center" mt="md">
          <Button variant="default" onClick={loadMore}>
            {t.showMore}
          </Button>
        </Group>
      )}
    </section>
  );
}
