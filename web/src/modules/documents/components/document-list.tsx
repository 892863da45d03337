import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { DocumentRow } from '../documents';
import { documentsTexts } from '../texts';
import { DOCUMENT_TONES } from './state-tones';

/** Documents as rows; `current` is the one that the keys have reached. */
export function DocumentList(props: { rows: readonly DocumentRow[]; current?: string | null }) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return (
    <div className="list-rows">
      {props.rows.map((row) => (
        <Link
          key={row.id}
          id={row.id}
          {...links.document(tenant.slug, row.id)}
          className="row-link"
          data-current={props.current === row.id || undefined}
          style={{ padding: '12px 20px', borderRadius: 0 }}
        >
          <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
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
            <div style={{ flex: 'none', textAlign: 'right' }}>
              <StateBadge tone={DOCUMENT_TONES[row.state]}>{t.states[row.state]}</StateBadge>
              <Text size="sm" c="dimmed" mt={4}>
                {row.dueOn ? t.due(format.day(row.dueOn)) : format.date(row.createdAt)}
              </Text>
            </div>
          </Group>
        </Link>
      ))}
    </div>
  );
}
