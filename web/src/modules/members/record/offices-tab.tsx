import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Card } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { membersTexts } from '../texts';
import type { RecordFacts } from './documents';
import { recordTexts } from './texts';

/** Offices held now and before. */
export function OfficesTab(props: { offices: RecordFacts['offices'] }) {
  const t = useTexts(recordTexts);
  const { offices: names } = useTexts(membersTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  if (props.offices.length === 0) {
    return (
      <Card>
        <Text c="dimmed">{t.officesEmpty}</Text>
      </Card>
    );
  }
  return (
    <Card padded={false}>
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {props.offices.map((office) => {
          const name = names[office.kind];
          const title = name.charAt(0).toUpperCase() + name.slice(1);
          const { bodyId } = office;
          return (
            <li
              key={`${office.kind}-${office.unit.id}-${office.since}-${bodyId}`}
              className="card-edge"
              style={{ paddingTop: 12, paddingBottom: 12, opacity: office.until ? 0.8 : 1 }}
            >
              <Text fw={500} component="div">
                {bodyId && !tenant.modulesOff.includes('bodies') ? (
                  <Anchor
                    fw={500}
                    renderRoot={(rest) => <Link {...links.body(tenant.slug, bodyId)} {...rest} />}
                  >
                    {title}
                  </Anchor>
                ) : (
                  title
                )}
              </Text>
              <Text size="sm" c="dimmed">
                {office.unit.name} ·{' '}
                {t.period(
                  format.day(office.since),
                  office.until ? format.day(office.until) : t.now,
                )}
              </Text>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
