import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { CourseDraftDetails } from './documents';
import { authoringTexts } from './texts';

/** What is missing before a course can be published, with the way to each place. */
export function PublishChecklist(props: { course: CourseDraftDetails }) {
  const t = useTexts(authoringTexts);
  const { tenant } = useTenancy();
  const { course } = props;
  const lessons = course.sections.flatMap((section) => section.lessons);
  return (
    <div style={{ marginBottom: 20 }} data-testid="checklist">
      {course.missing.length === 0 ? (
        <Note tone="good" title={t.checklist}>
          <Text>{t.checklistDone}</Text>
        </Note>
      ) : (
        <Note tone="warn" title={t.checklistLead}>
          <ul style={{ margin: '6px 0 0', paddingLeft: 20 }}>
            {course.missing.map((gap) => {
              const lesson = lessons.find((one) => one.id === gap.lesson);
              const section = course.sections.find((one) => one.id === gap.section);
              const words = t.gaps[gap.code] ?? t.gapOther;
              return (
                <li key={`${gap.code} ${gap.lesson} ${gap.section}`}>
                  {lesson ? (
                    <>
                      {words}:{' '}
                      <Anchor
                        underline="always"
                        renderRoot={(rest) => (
                          <Link
                            {...links.lessonEditor(tenant.slug, course.id, lesson.id)}
                            {...rest}
                          />
                        )}
                      >
                        {lesson.title}
                      </Anchor>
                    </>
                  ) : section ? (
                    `${words} «${section.title}»`
                  ) : (
                    words
                  )}
                </li>
              );
            })}
          </ul>
        </Note>
      )}
    </div>
  );
}
