import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { DocumentRow } from '../documents';
import { documentsTexts } from '../texts';
import { documentState } from './state-tones';

/** Documents as rows; `current` is the one that the keys have reached. */
export function DocumentList(props: { rows: readonly DocumentRow[]; current?: string | null }) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return (
    <div className="list-rows">
      {props.rows.map((row) => {
        const state = documentState(t, row);
        return (
          <Link
            key={row.id}
            id={row.id}
            {...links.document(tenant.slug, row.id)}
            className="row-link document-row"
            data-current={props.current === row.id || undefined}
          >
            <div style={{ minWidth: 0 }}>
              <Text fw={600} lineClamp={2}>
                {row.title}
              </Text>
              <Text size="sm" c="dimmed" lineClamp={2}>
                {[
                  t.kinds[row.kind],
                  row.number ? `№ ${row.number}` : t.withoutNumber,
                  row.correspondent,
                  row.executor?.name,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            <div className="document-row-end">
              <StateBadge tone={state.tone}>{state.words}</StateBadge>
              <Text size="sm" c="dimmed">
                {row.dueOn ? t.due(format.day(row.dueOn)) : format.date(row.createdAt)}
              </Text>
            </div>
          </Link>
        );
      })}
    </div>
  );
}
