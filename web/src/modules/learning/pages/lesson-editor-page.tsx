import { lazy, Suspense } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { LessonDraftQuery } from '../authoring/documents';
import { LessonForm } from '../authoring/lesson-form';
import { authoringTexts } from '../authoring/texts';
import { studyTexts } from '../study/texts';

const QuizEditor = lazy(() => import('../authoring/quiz-editor'));

/** A lesson being written. */
export default function LessonEditorPage(props: { course: string; lesson: string }) {
  const t = useTexts(authoringTexts);
  const study = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: LessonDraftQuery,
    variables: { id: props.lesson },
  });
  const node = data?.node;
  const lesson = node?.__typename === 'Lesson' ? node : null;
  if (!lesson) {
    if (error) return <FailureState failure={readFailure(error)} onRetry={() => refetch()} />;
    return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  }
  return (
    <Page
      title={lesson.title}
      subtitle={`${study.kinds[lesson.kind]} · ${lesson.course.title}`}
      back={{ label: t.lessonBack, link: links.courseEditor(tenant.slug, props.course) }}
      width="reading"
    >
      <LessonForm key={lesson.id} lesson={lesson} />
      {lesson.kind === 'QUIZ' && lesson.quiz && (
        <Suspense fallback={<ListSkeleton rows={8} />}>
          <QuizEditor lesson={lesson.id} quiz={lesson.quiz} />
        </Suspense>
      )}
    </Page>
  );
}
