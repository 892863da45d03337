import { ActionIcon, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { MoveButtons } from '../components/move-buttons';
import { useReorder } from '../components/reorder';
import { LESSON_ICONS } from '../study/lesson-icons';
import { studyTexts } from '../study/texts';
import { type DraftSection, OrderLessons, RemoveLesson } from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { useOrder } from './use-order';

/** The lessons of a section in the editor. */
export function LessonRows(props: { course: string; section: DraftSection }) {
  const t = useTexts(authoringTexts);
  const study = useTexts(studyTexts);
  const { tenant } = useTenancy();
  const { section } = props;
  const { act, actInTurn } = useAct();
  const { ask, dialog } = useConfirm();
  const [lessons, setOrder] = useOrder(section.lessons);
  const { announcement, move, onKeyDown } = useReorder(lessons, t.lessonMoved, (next) => {
    setOrder(next);
    void actInTurn('order', OrderLessons, {
      section: section.id,
      lessons: next.map((lesson) => lesson.id),
    });
  });

  if (lessons.length === 0) {
    return (
      <Text size="sm" c="dimmed" py={6}>
        {t.noLessons}
      </Text>
    );
  }
  return (
    <>
      <div role="status" className="visually-hidden">
        {announcement}
      </div>
      <ol className="draft-lessons">
        {lessons.map((lesson, index) => {
          const Icon = LESSON_ICONS[lesson.kind];
          return (
            <li key={lesson.id} onKeyDown={(event) => onKeyDown(event, index)}>
              <Link
                {...links.lessonEditor(tenant.slug, props.course, lesson.id)}
                className="draft-lesson"
                aria-label={t.editLesson(lesson.title)}
              >
                <Icon size={19} aria-hidden />
                <span>
                  <Text fw={500}>{lesson.title}</Text>
                  <Text size="xs" c="dimmed">
                    {study.kinds[lesson.kind]}
                    {!lesson.required && `, ${t.optional}`}
                  </Text>
                </span>
              </Link>
              <Group gap={2} wrap="nowrap">
                <MoveButtons
                  up={t.lessonUp(lesson.title)}
                  down={t.lessonDown(lesson.title)}
                  first={index === 0}
                  last={index === lessons.length - 1}
                  onMove={(step) => move(index, step)}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  c="inherit"
                  size={34}
                  aria-label={t.removeLesson(lesson.title)}
                  onClick={() =>
                    ask({
                      title: t.removeLessonTitle,
                      text: t.removeLessonText,
                      confirm: t.remove,
                      danger: true,
                      run: () => act('remove', RemoveLesson, { lesson: lesson.id }),
                    })
                  }
                >
                  <Trash2 size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </li>
          );
        })}
      </ol>
      {dialog}
    </>
  );
}
