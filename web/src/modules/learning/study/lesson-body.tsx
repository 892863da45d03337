import { Button, Group, Text } from '@mantine/core';
import { CircleCheck, Download } from 'lucide-react';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { readFailure } from '#platform/client';
import { ListSkeleton, Note, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { learningFailure } from '../components/failures';
import { saveFile } from '../components/save-file';
import { Markdown } from '../markdown/markdown';
import { CompleteLesson, type LessonDetails, LessonQuery } from './documents';
import { FileView, viewable } from './file-view';
import { tellPosition } from './tell-position';
import { studyTexts } from './texts';

const VideoPlayer = lazy(() => import('./video-player'));
const QuizLesson = lazy(() => import('../quiz/quiz-lesson'));
const WebinarLesson = lazy(() => import('../webinar/webinar-lesson'));

/** What a lesson holds, by its kind, and how it is marked as done. */
export function LessonBody(props: {
  lesson: LessonDetails;
  /** Somebody enrolled, whose progress counts. */
  counts: boolean;
  onChanged: () => void;
}) {
  const { lesson, counts } = props;
  switch (lesson.kind) {
    case 'TEXT':
      return (
        <>
          <Markdown source={lesson.text ?? ''} />
          {counts && <DoneBar lesson={lesson} onChanged={props.onChanged} />}
        </>
      );
    case 'VIDEO':
      return (
        <Suspense fallback={<ListSkeleton rows={8} />}>
          <VideoLesson {...props} />
        </Suspense>
      );
    case 'FILE':
      return <FileLesson {...props} />;
    case 'QUIZ':
      return (
        <Suspense fallback={<ListSkeleton rows={6} />}>
          {lesson.text && <Markdown source={lesson.text} />}
          <QuizLesson lesson={lesson.id} counts={counts} onChanged={props.onChanged} />
        </Suspense>
      );
    case 'WEBINAR':
      return (
        <Suspense fallback={<ListSkeleton rows={6} />}>
          <WebinarLesson lesson={lesson} counts={counts} />
          {counts && (lesson.state === 'DONE' || isOver(lesson)) && (
            <DoneBar lesson={lesson} onChanged={props.onChanged} />
          )}
        </Suspense>
      );
  }
}

/** Who came to the course after its webinar marks the lesson by hand; the others are counted. */
function isOver(lesson: LessonDetails): boolean {
  const end = lesson.webinar?.endsAt;
  return end ? Date.parse(end) < Date.now() : false;
}

/** Asks the server for the lesson anew: its links live ten minutes. */
function useFreshLesson(lesson: string): () => Promise<LessonDetails | null> {
  const client = useClient();
  return useCallback(async () => {
    const answer = await client
      .query(LessonQuery, { id: lesson }, { requestPolicy: 'network-only' })
      .toPromise();
    const node = answer.data?.node;
    return node?.__typename === 'Lesson' ? node : null;
  }, [client, lesson]);
}

function VideoLesson(props: { lesson: LessonDetails; counts: boolean; onChanged: () => void }) {
  const t = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const fresh = useFreshLesson(props.lesson.id);
  const { lesson, counts } = props;
  const [, complete] = useMutation(CompleteLesson);
  // A refetch of the lesson signs the links anew; the film that plays keeps its own.
  const [first] = useState(lesson);
  const told = useRef<Promise<unknown>>(Promise.resolve());

  async function ended() {
    if (!counts || lesson.state === 'DONE') return;
    // The last seconds must have arrived: the server counts what was watched.
    await told.current;
    await complete({ lesson: lesson.id });
    props.onChanged();
  }

  const onPosition = useCallback(
    (seconds: number, leaving: boolean) => {
      if (counts) told.current = tellPosition(tenant.slug, first.id, seconds, leaving);
    },
    [counts, tenant.slug, first.id],
  );

  if (!first.video) return <Note tone="neutral">{t.videoMissing}</Note>;
  return (
    <>
      <VideoPlayer
        title={first.title}
        url={first.video.url}
        position={first.positionS}
        onPosition={onPosition}
        onEnded={() => void ended()}
        freshUrl={async () => (await fresh())?.video?.url ?? null}
      />
      {lesson.text && (
        <div style={{ marginTop: 24 }}>
          <Markdown source={lesson.text} />
        </div>
      )}
      {counts &&
        // Where the length is known the server counts what was watched; else the learner says so.
        (lesson.videoSeconds !== null && lesson.state !== 'DONE' ? (
          <Text size="sm" c="dimmed" mt="lg">
            {t.videoWatch}
          </Text>
        ) : (
          <DoneBar lesson={lesson} onChanged={props.onChanged} />
        ))}
    </>
  );
}

function FileLesson(props: { lesson: LessonDetails; counts: boolean; onChanged: () => void }) {
  const t = useTexts(studyTexts);
  const format = useFormat();
  const { lesson } = props;
  const fresh = useFreshLesson(lesson.id);
  const [shown, setShown] = useState(false);
  const { file } = lesson;

  async function download() {
    const now = (await fresh())?.file;
    if (now) saveFile(now.url, now.name);
  }

  return (
    <>
      {lesson.text && <Markdown source={lesson.text} />}
      {file ? (
        <div className="card card-padded" style={{ marginTop: lesson.text ? 20 : 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {file.name}
          </Text>
          <Text size="sm" c="dimmed" mb="md">
            {format.bytes(file.sizeBytes)}. {t.fileHint}
          </Text>
          <Group gap="sm">
            <Button
              leftSection={<Download size={17} aria-hidden />}
              onClick={() => void download()}
            >
              {t.download}
            </Button>
            {viewable(file.contentType) && (
              <Button
                variant="default"
                aria-expanded={shown}
                onClick={() => setShown((before) => !before)}
              >
                {shown ? t.hideView : t.view}
              </Button>
            )}
          </Group>
          {shown && (
            <FileView
              name={file.name}
              contentType={file.contentType}
              freshUrl={async () => (await fresh())?.file?.url ?? null}
            />
          )}
        </div>
      ) : (
        <Note tone="neutral">{t.fileMissing}</Note>
      )}
      {props.counts && <DoneBar lesson={lesson} onChanged={props.onChanged} />}
    </>
  );
}

/** The lesson is done, or can be marked so. */
function DoneBar(props: { lesson: LessonDetails; onChanged: () => void }) {
  const t = useTexts(studyTexts);
  const [{ fetching }, complete] = useMutation(CompleteLesson);

  async function mark() {
    const answer = await complete({ lesson: props.lesson.id });
    if (answer.error) toast.bad(learningFailure(readFailure(answer.error)));
    else if (answer.data?.completeLesson.status === 'LOCKED') toast.bad(t.locked);
    else if (answer.data?.completeLesson.status === 'NOT_BY_HAND')
      toast.bad(props.lesson.kind === 'WEBINAR' ? t.webinarCounts : t.videoWatch);
    else props.onChanged();
  }

  return (
    <div className="study-done">
      {props.lesson.state === 'DONE' ? (
        <span className="study-done-word" role="status">
          <CircleCheck size={20} aria-hidden /> {t.done}
        </span>
      ) : (
        <Button
          variant="light"
          size="md"
          loading={fetching}
          leftSection={<CircleCheck size={18} aria-hidden />}
          onClick={() => void mark()}
        >
          {t.markDone}
        </Button>
      )}
    </div>
  );
}
