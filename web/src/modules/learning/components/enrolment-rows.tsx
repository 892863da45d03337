import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ButtonLink, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { EnrolmentRow } from '../documents';
import { learningTexts } from '../texts';
import { DeadlineBadge } from './deadline-badge';
import './learning.css';
import { ProgressRing } from './progress-ring';

/** The viewer's own courses: how far, until when, and the way on. */
export function EnrolmentRows(props: { enrolments: readonly EnrolmentRow[] }) {
  return (
    <div className="list-rows">
      {props.enrolments.map((enrolment) => (
        <EnrolmentLine key={enrolment.id} enrolment={enrolment} />
      ))}
    </div>
  );
}

function EnrolmentLine(props: { enrolment: EnrolmentRow }) {
  const t = useTexts(learningTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const { enrolment } = props;
  const { done, total, course } = enrolment;
  const completed = enrolment.state === 'COMPLETED';
  return (
    <article className="course-line" aria-label={course.title}>
      <ProgressRing share={total === 0 ? 0 : done / total} label={t.progressLabel(done, total)} />
      <div className="course-line-words">
        <Link {...links.course(tenant.slug, course.id)} className="course-title">
          {course.title}
        </Link>
        <Group gap={8} mt={4}>
          <Text size="sm" c="dimmed">
            {completed && enrolment.completedAt
              ? t.completedOn(format.date(enrolment.completedAt))
              : t.doneOf(done, total)}
          </Text>
          {completed && <StateBadge tone="good">{t.states.COMPLETED}</StateBadge>}
          {!completed && enrolment.dueAt && <DeadlineBadge due={enrolment.dueAt} />}
        </Group>
      </div>
      <ButtonLink
        link={
          completed ? links.course(tenant.slug, course.id) : links.study(tenant.slug, course.id)
        }
        variant={completed ? 'default' : 'filled'}
        className="course-line-action"
      >
        {completed ? t.open : done === 0 && enrolment.state === 'ENROLLED' ? t.start : t.continue}
      </ButtonLink>
    </article>
  );
}
