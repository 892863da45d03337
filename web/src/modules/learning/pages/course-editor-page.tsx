import { Button, Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { ButtonLink, FailureState, ListSkeleton, Page, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CourseContent } from '../authoring/course-content';
import {
  ArchiveCourse,
  type CourseDraftDetails,
  CourseDraftQuery,
  PublishCourse,
} from '../authoring/documents';
import { PublishChecklist } from '../authoring/publish-checklist';
import { authoringTexts } from '../authoring/texts';
import { useAct } from '../authoring/use-act';

const CourseSettings = lazy(() => import('../authoring/course-settings'));
const Gradebook = lazy(() => import('../authoring/gradebook'));

type Tab = 'content' | 'settings' | 'learners';

/** A course being written: content, settings, learners. */
export default function CourseEditorPage(props: { id: string; tab: Tab }) {
  const t = useTexts(authoringTexts);
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: CourseDraftQuery,
    variables: { id: props.id },
  });
  const node = data?.node;
  const course = node?.__typename === 'Course' ? node : null;
  if (!course) {
    if (error) return <FailureState failure={readFailure(error)} onRetry={() => refetch()} />;
    return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  }
  if (!course.viewerCan.edit) return <NotFoundPage />;
  return (
    <Page
      title={course.title}
      back={{ label: t.back, link: links.authoring(tenant.slug) }}
      subtitle={
        <StateBadge tone={course.state === 'PUBLISHED' ? 'good' : 'warn'}>
          {t.states[course.state]}
        </StateBadge>
      }
      actions={<CourseActions course={course} />}
    >
      {course.state === 'DRAFT' && <PublishChecklist course={course} />}
      <Tabs
        value={props.tab}
        onChange={(tab) =>
          void navigate({
            ...links.courseEditor(
              tenant.slug,
              course.id,
              tab === 'settings' || tab === 'learners' ? tab : undefined,
            ),
            replace: true,
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label={t.tabsLabel}>
          <Tabs.Tab value="content">{t.tabs.content}</Tabs.Tab>
          <Tabs.Tab value="settings">{t.tabs.settings}</Tabs.Tab>
          <Tabs.Tab value="learners">
            {t.tabs.learners}
            {course.enrolmentCount > 0 && ` (${course.enrolmentCount})`}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="content">
          <CourseContent course={course} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Suspense fallback={<ListSkeleton rows={8} />}>
            <CourseSettings course={course} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="learners">
          <Suspense fallback={<ListSkeleton rows={8} />}>
            <Gradebook course={course} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function CourseActions(props: { course: CourseDraftDetails }) {
  const t = useTexts(authoringTexts);
  const { tenant } = useTenancy();
  const { course } = props;
  const { busy, act } = useAct();
  const { ask, dialog } = useConfirm();

  async function publish() {
    const data = await act('publish', PublishCourse, { course: course.id });
    if (!data) return;
    const { status } = data.publishCourse;
    if (status === 'OK') toast.good(t.published);
    else toast.bad(status === 'INCOMPLETE' ? t.incomplete : t.wrongState);
  }

  async function archive() {
    const data = await act('archive', ArchiveCourse, { course: course.id });
    if (!data) return;
    if (data.archiveCourse.status === 'OK') toast.good(t.archivedDone);
    else toast.bad(t.wrongState);
  }

  return (
    <>
      {course.lessonCount > 0 && (
        <ButtonLink link={links.study(tenant.slug, course.id)} variant="default">
          {t.previewCourse}
        </ButtonLink>
      )}
      {course.state === 'DRAFT' && (
        <Button
          disabled={course.missing.length > 0}
          loading={busy === 'publish'}
          onClick={() =>
            ask({
              title: t.publishTitle,
              text: t.publishText,
              confirm: t.publish,
              run: publish,
            })
          }
        >
          {t.publish}
        </Button>
      )}
      {course.state === 'PUBLISHED' && (
        <Button
          variant="default"
          loading={busy === 'archive'}
          onClick={() =>
            ask({
              title: t.archiveTitle,
              text: t.archiveText,
              confirm: t.archive,
              danger: true,
              run: archive,
            })
          }
        >
          {t.archive}
        </Button>
      )}
      {dialog}
    </>
  );
}
