import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { MemberRow } from '../documents';
import { membersTexts } from '../texts';

/** How a row of the register looks on a wide screen and on a phone. */
export function useRegisterCells() {
  const t = useTexts(membersTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return {
    columns: [
      { title: t.name, width: 'minmax(220px, 2.2fr)' },
      { title: t.birthDate, width: '120px' },
      { title: t.unit, width: 'minmax(140px, 1.3fr)' },
      { title: t.workplace, width: 'minmax(130px, 1.3fr)' },
      { title: t.cardNumber, width: '120px' },
    ],
    cells: (row: MemberRow) => [
      <Text key="name" size="sm" fw={500} className="truncate" title={row.fullName}>
        <Link
          {...links.member(tenant.slug, row.id)}
          tabIndex={-1}
          style={{ color: 'inherit', textDecoration: 'none' }}
        >
          {row.fullName}
        </Link>{' '}
        {row.state === 'LEFT' && <StateBadge>{t.left}</StateBadge>}
      </Text>,
      <Text key="birth" size="sm" className="tabular">
        {format.day(row.birthDate)}
      </Text>,
      <Text key="unit" size="sm" className="truncate">
        {row.unit.name}
      </Text>,
      <Text key="work" size="sm" className="truncate" title={row.workplace ?? undefined}>
        {row.workplace ?? '—'}
      </Text>,
      <Text key="card" size="sm" className="tabular">
        {row.cardNumber ?? '—'}
      </Text>,
    ],
    compact: (row: MemberRow) => (
      <div style={{ padding: '8px 0' }}>
        <Text fw={500}>{row.fullName}</Text>
        <Text size="sm" c="dimmed" className="truncate">
          {format.day(row.birthDate)} · {row.unit.name}
        </Text>
      </div>
    ),
  };
}
