import { ActionIcon, Button, Drawer, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, ChevronLeft, ListTree } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ButtonLink, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { LessonList } from './lesson-list';
import { countDone, neighbours, type OutlineSection } from './outline';
import './study.css';
import { studyTexts } from './texts';

/** The player around one lesson: way back, progress, list of lessons, previous and next. */
export function StudyFrame(props: {
  course: { id: string; title: string };
  outline: readonly OutlineSection[];
  lesson: { id: string; title: string };
  /** An author looks at the course: nothing is counted. */
  preview: boolean;
  /** The whole course is done. */
  completed: boolean;
  children: ReactNode;
}) {
  const t = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 900px)') ?? false;
  const [drawer, setDrawer] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { course, outline, lesson } = props;
  const { done, all } = countDone(outline);
  const { previous, next } = neighbours(outline, lesson.id);
  const back = links.course(tenant.slug, course.id);

  useEffect(() => {
    document.title = `${lesson.title} · ${course.title} · Plenum`;
  }, [lesson.title, course.title]);

  const shown = useRef(lesson.id);
  useEffect(() => {
    if (shown.current === lesson.id) return;
    shown.current = lesson.id;
    // Another lesson is another page: readers begin at its title, eyes at its top.
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [lesson.id]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) {
        return;
      }
      const target = event.code === 'KeyN' ? next : event.code === 'KeyP' ? previous : null;
      if (target) void navigate(links.study(tenant.slug, course.id, target.id));
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [next, previous, navigate, tenant.slug, course.id]);

  const list = (
    <LessonList
      course={course.id}
      outline={outline}
      current={lesson.id}
      onChoose={() => setDrawer(false)}
    />
  );
  const progress = (
    <div className="study-progress">
      <div className="study-bar" aria-hidden>
        <div style={{ width: `${all === 0 ? 0 : (100 * done) / all}%` }} />
      </div>
      <Text size="xs" c="dimmed" className="tabular">
        {t.doneOf(done, all)}
      </Text>
    </div>
  );

  return (
    <div className="study">
      <header className="study-head">
        <Link {...back} className="study-back" aria-label={t.toCourse}>
          <ChevronLeft size={20} aria-hidden />
          <span className="only-desktop">{t.toCourse}</span>
        </Link>
        <Text fw={600} className="truncate" style={{ flex: 1 }}>
          {course.title}
        </Text>
        {!props.preview && <div className="only-desktop">{progress}</div>}
        {phone && (
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={42}
            aria-label={t.openLessons}
            onClick={() => setDrawer(true)}
          >
            <ListTree size={21} aria-hidden />
          </ActionIcon>
        )}
      </header>
      {phone ? (
        <Drawer
          opened={drawer}
          onClose={() => setDrawer(false)}
          position="right"
          size="min(340px, 88vw)"
          title={t.lessons}
          closeButtonProps={{ 'aria-label': t.closeLessons }}
        >
          {!props.preview && progress}
          {list}
        </Drawer>
      ) : (
        <nav className="study-side" aria-label={t.lessons}>
          {list}
        </nav>
      )}
      <main className="study-main" id="main" tabIndex={-1}>
        {props.preview && (
          <Text size="sm" className="study-preview">
            {t.preview}
          </Text>
        )}
        <h1 ref={heading} tabIndex={-1} className="study-title">
          {lesson.title}
        </h1>
        {props.children}
        {props.completed && (
          <div style={{ marginTop: 28 }}>
            <Note tone="good" title={t.courseDoneTitle}>
              {t.courseDoneText}
              <div style={{ marginTop: 10 }}>
                <ButtonLink link={back} size="xs">
                  {t.toCertificate}
                </ButtonLink>
              </div>
            </Note>
          </div>
        )}
        <nav className="study-steps" aria-label={t.keys}>
          {previous ? (
            <ButtonLink
              link={links.study(tenant.slug, course.id, previous.id)}
              variant="default"
              size="md"
              leftSection={<ArrowLeft size={17} aria-hidden />}
              aria-label={t.previousLesson(previous.title)}
              aria-keyshortcuts="p"
            >
              {t.previous}
            </ButtonLink>
          ) : (
            <span />
          )}
          <Text size="xs" c="dimmed" className="only-desktop">
            {t.keys}
          </Text>
          {next ? (
            <ButtonLink
              link={links.study(tenant.slug, course.id, next.id)}
              size="md"
              rightSection={<ArrowRight size={17} aria-hidden />}
              aria-label={t.nextLesson(next.title)}
              aria-keyshortcuts="n"
            >
              {t.next}
            </ButtonLink>
          ) : (
            <Button size="md" variant="default" onClick={() => void navigate(back)}>
              {t.toCourse}
            </Button>
          )}
        </nav>
      </main>
    </div>
  );
}
