import { BookOpen } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { ButtonLink, EmptyState, FailureState, ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { LessonQuery, OutlineQuery } from '../study/documents';
import { LessonBody } from '../study/lesson-body';
import { lessonsOf, resumeLesson } from '../study/outline';
import { StudyFrame } from '../study/study-frame';
import { studyTexts } from '../study/texts';

/** The player: one lesson of a course, by default the one to go on with. */
export default function StudyPage(props: { course: string; lesson: string | null }) {
  const t = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: OutlineQuery,
    variables: { id: props.course },
  });
  const node = data?.node;
  const course = node?.__typename === 'Course' ? node : null;
  // What was opened stays open when it is done, though another is the one to go on with by then.
  const opened = useRef<string | null>(null);
  const refresh = useCallback(() => refetch({ requestPolicy: 'network-only' }), [refetch]);

  if (!course) {
    if (error) return <FailureState failure={readFailure(error)} onRetry={refresh} />;
    return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  }
  const lessons = lessonsOf(course.sections);
  if (opened.current === null) opened.current = course.myEnrolment?.resumeLesson?.id ?? null;
  const wanted = props.lesson ?? opened.current;
  const lesson = lessons.find((one) => one.id === wanted) ?? resumeLesson(course.sections);
  if (!lesson) {
    return (
      <EmptyState
        icon={BookOpen}
        title={t.noLessons}
        action={<ButtonLink link={links.course(tenant.slug, course.id)}>{t.toCourse}</ButtonLink>}
      />
    );
  }
  const enrolled = course.myEnrolment !== null && course.myEnrolment.state !== 'WITHDRAWN';
  return (
    <StudyFrame
      course={course}
      outline={course.sections}
      lesson={lesson}
      preview={!enrolled}
      completed={course.myEnrolment?.state === 'COMPLETED'}
    >
      {lesson.state === 'LOCKED' && enrolled ? (
        <Note tone="neutral" title={t.locked}>
          {t.lockedText}
        </Note>
      ) : (
        <Lesson key={lesson.id} id={lesson.id} counts={enrolled} onChanged={refresh} />
      )}
    </StudyFrame>
  );
}

function Lesson(props: { id: string; counts: boolean; onChanged: () => void }) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: LessonQuery,
    variables: { id: props.id },
  });
  const node = data?.node;
  if (node?.__typename !== 'Lesson') {
    if (error) {
      return (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => refetch({ requestPolicy: 'network-only' })}
        />
      );
    }
    return fetching ? <ListSkeleton rows={8} /> : <NotFoundPage />;
  }
  return <LessonBody lesson={node} counts={props.counts} onChanged={props.onChanged} />;
}
