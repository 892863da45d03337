import { Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { ButtonLink, Card } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { RegisterNumbersQuery } from '../documents';
import { permissions } from '../permissions';
import { membersTexts } from '../texts';

/** The register in numbers, for the home page. */
export default function RegisterCard() {
  const t = useTexts(membersTexts);
  const format = useFormat();
  const { tenant, may } = useTenancy();
  const visible = may(permissions.view);
  const [{ data }] = useQuery({ query: RegisterNumbersQuery, pause: !visible });
  if (!visible) return null;
  return (
    <Card title={t.cardTitle}>
      <Group gap={40} mb="md">
        {[
          [data?.memberCount, t.cardMembers] as const,
          [data && (data.tenant.unitCount ?? 0), t.cardUnits] as const,
        ].map(([value, label]) => (
          <div key={label}>
            {value === undefined ? (
              <Skeleton height={32} width={70} mb={4} />
            ) : (
              <Text fz={28} fw={650} lh={1.2} className="tabular">
                {format.number(value)}
              </Text>
            )}
            <Text size="sm" c="dimmed">
              {label}
            </Text>
          </div>
        ))}
      </Group>
      <ButtonLink link={links.members(tenant.slug)} variant="light" size="sm">
        {t.cardOpen}
      </ButtonLink>
    </Card>
  );
}
