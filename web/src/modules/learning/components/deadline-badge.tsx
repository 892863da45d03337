import { useMemo } from 'react';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { learningTexts } from '../texts';
import { NEARNESS_TONES, nearness } from './deadline';

/** A deadline in words, coloured by how near it is. */
export function DeadlineBadge(props: { due: string }) {
  const t = useTexts(learningTexts);
  const format = useFormat();
  // Deadlines are days: the moment of drawing is exact enough.
  const near = useMemo(() => nearness(props.due, Date.now()), [props.due]);
  const words = {
    overdue: () => t.due.overdue(near.kind === 'overdue' ? near.days : 0),
    today: () => t.due.today,
    soon: () => t.due.soon(near.kind === 'soon' ? near.days : 0),
    later: () => t.due.later(format.date(props.due)),
  }[near.kind]();
  return <StateBadge tone={NEARNESS_TONES[near.kind]}>{words}</StateBadge>;
}
