import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { Award, ListOrdered, NotebookPen } from 'lucide-react';
import { useCallback } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import {
  ButtonLink,
  Card,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
  toast,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CertificateCard } from '../components/certificate-card';
import { DeadlineBadge } from '../components/deadline-badge';
import { learningFailure } from '../components/failures';
import '../components/learning.css';
import { type CourseDetails, CourseQuery, EnrolSelf } from '../documents';
import { Markdown } from '../markdown/markdown';
import { LessonList } from '../study/lesson-list';
import { countDone } from '../study/outline';
import { learningTexts } from '../texts';

/** A course: what it is about, its lessons, how far one is and what is left. */
export default function CoursePage(props: { id: string }) {
  const t = useTexts(learningTexts);
  const { tenant } = useTenancy();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: CourseQuery,
    variables: { id: props.id },
  });
  const refresh = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch]);
  const node = data?.node;
  const course = node?.__typename === 'Course' ? node : null;
  if (error && !course) return <FailureState failure={readFailure(error)} onRetry={refresh} />;
  if (!course) return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  const mine = course.myEnrolment?.state === 'WITHDRAWN' ? null : course.myEnrolment;
  return (
    <Page
      title={course.title}
      back={{ label: t.back, link: links.learning(tenant.slug) }}
      subtitle={
        course.state !== 'PUBLISHED' && (
          <StateBadge tone="warn">{course.state === 'DRAFT' ? t.draft : t.archived}</StateBadge>
        )
      }
      actions={
        course.viewerCan.edit && (
          <>
            <ButtonLink link={links.study(tenant.slug, course.id)} variant="default">
              {t.preview}
            </ButtonLink>
            <ButtonLink
              link={links.courseEditor(tenant.slug, course.id)}
              variant="default"
              leftSection={<NotebookPen size={17} aria-hidden />}
            >
              {t.edit}
            </ButtonLink>
          </>
        )
      }
    >
      <div className="course-columns">
        <div>
          {course.summary && (
            <Card title={t.about}>
              <Markdown source={course.summary} />
            </Card>
          )}
          <Card title={t.programme} aside={<Text c="dimmed">{t.lessons(course.lessonCount)}</Text>}>
            <div style={{ margin: '-8px -10px -6px' }}>
              {course.lessonCount === 0 && (
                <Text c="dimmed" px={10}>
                  {t.nothingInside}
                </Text>
              )}
              <LessonList
                course={course.id}
                outline={course.sections}
                current={null}
                linked={mine !== null || course.viewerCan.edit}
              />
            </div>
          </Card>
        </div>
        <div>
          {mine ? <OwnProgress course={course} mine={mine} /> : <NotEnrolled course={course} />}
          {mine?.certificate && (
            <CertificateCard
              course={course.id}
              certificate={mine.certificate}
              onRefresh={refresh}
            />
          )}
          {(course.sequential || course.certificate) && (
            <Card>
              <Stack gap={8}>
                {course.sequential && (
                  <Group gap={10} wrap="nowrap">
                    <ListOrdered size={18} aria-hidden />
                    <Text size="sm">{t.sequential}</Text>
                  </Group>
                )}
                {course.certificate && (
                  <Group gap={10} wrap="nowrap">
                    <Award size={18} aria-hidden />
                    <Text size="sm">{t.withCertificate}</Text>
                  </Group>
                )}
              </Stack>
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}

function OwnProgress(props: {
  course: CourseDetails;
  mine: NonNullable<CourseDetails['myEnrolment']>;
}) {
  const t = useTexts(learningTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const { course, mine } = props;
  const { done, all } = countDone(course.sections);
  const completed = mine.state === 'COMPLETED';
  return (
    <Card title={t.yourProgress}>
      <Progress.Root size="lg">
        <Progress.Section
          value={all === 0 ? 0 : (100 * done) / all}
          color={completed ? 'green' : undefined}
          aria-label={t.progressLabel(done, all)}
        />
      </Progress.Root>
      <Group justify="space-between" mt={8} mb="md" gap={8}>
        <Text size="sm">{t.doneOf(done, all)}</Text>
        {completed && mine.completedAt ? (
          <StateBadge tone="good">{t.completedOn(format.date(mine.completedAt))}</StateBadge>
        ) : mine.dueAt ? (
          <DeadlineBadge due={mine.dueAt} />
        ) : (
          <Text size="sm" c="dimmed">
            {done === all ? t.allDone : t.left(all - done)}
          </Text>
        )}
      </Group>
      {!completed && mine.dueAt && done < all && (
        <Text size="sm" c="dimmed" mb="md">
          {t.left(all - done)}
        </Text>
      )}
      <ButtonLink
        link={links.study(tenant.slug, course.id, mine.resumeLesson?.id)}
        fullWidth
        size="md"
        variant={completed ? 'default' : 'filled'}
      >
        {completed ? t.repeat : done === 0 ? t.start : t.continue}
      </ButtonLink>
    </Card>
  );
}

function NotEnrolled(props: { course: CourseDetails }) {
  const t = useTexts(learningTexts);
  const { course } = props;
  const [{ fetching }, enrol] = useMutation(EnrolSelf);
  const self = course.viewerCan.enrolSelf;

  async function submit() {
    const answer = await enrol(
      { course: course.id },
      { additionalTypenames: ['Course', 'Enrolment'] },
    );
    if (answer.data) toast.good(t.enrolledSelf);
    else if (answer.error) toast.bad(learningFailure(readFailure(answer.error)));
  }

  return (
    <Card title={t.notEnrolled}>
      <Text c="dimmed" size="sm" mb={self ? 'md' : 0}>
        {self ? t.notEnrolledSelf : t.notEnrolledText}
      </Text>
      {self && (
        <Button fullWidth size="md" loading={fetching} onClick={() => void submit()}>
          {t.enrolSelf}
        </Button>
      )}
    </Card>
  );
}
