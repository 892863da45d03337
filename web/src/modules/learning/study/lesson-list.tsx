import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Circle, CircleCheck, CircleDot, Lock } from 'lucide-react';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { LESSON_ICONS } from './lesson-icons';
import type { OutlineLesson, OutlineSection } from './outline';
import { studyTexts } from './texts';
import './study.css';

const STATE_ICONS = { OPEN: Circle, STARTED: CircleDot, DONE: CircleCheck, LOCKED: Lock } as const;

/** Sections and lessons with the state of each; the lesson being taken is marked. */
export function LessonList(props: {
  course: string;
  outline: readonly OutlineSection[];
  current: string | null;
  /** Whether the lessons can be opened from here. */
  linked?: boolean;
  onChoose?: () => void;
}) {
  return (
    <>
      {props.outline.map((section, index) => (
        <section key={section.id} className="lesson-section">
          <Text component="h3" size="sm" fw={600} m={0} className="lesson-section-title">
            {index + 1}. {section.title}
          </Text>
          <ol className="lesson-list">
            {section.lessons.map((lesson) => (
              <li key={lesson.id}>
                <LessonLink
                  course={props.course}
                  lesson={lesson}
                  current={lesson.id === props.current}
                  linked={props.linked !== false && lesson.state !== 'LOCKED'}
                  onChoose={props.onChoose}
                />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function LessonLink(props: {
  course: string;
  lesson: OutlineLesson;
  current: boolean;
  linked: boolean;
  onChoose?: () => void;
}) {
  const t = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const { lesson } = props;
  const State = STATE_ICONS[lesson.state];
  const Kind = LESSON_ICONS[lesson.kind];
  const words = (
    <>
      <State size={18} aria-hidden className="lesson-state" />
      <span className="lesson-words">
        <span>{lesson.title}</span>
        <span className="lesson-kind">
          <Kind size={14} aria-hidden /> {t.kinds[lesson.kind]}
          {!lesson.required && `, ${t.optional}`}
          <span className="visually-hidden">, {t.states[lesson.state]}</span>
        </span>
      </span>
    </>
  );
  if (!props.linked) {
    return (
      <span className="lesson-link" data-state={lesson.state} data-plain>
        {words}
      </span>
    );
  }
  return (
    <Link
      {...links.study(tenant.slug, props.course, lesson.id)}
      className="lesson-link"
      data-state={lesson.state}
      aria-current={props.current ? 'step' : undefined}
      onClick={props.onChoose}
    >
      {words}
    </Link>
  );
}
