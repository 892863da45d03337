import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { Card } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { BodiesQuery } from '../documents';
import { permissions } from '../permissions';
import { bodiesTexts } from '../texts';

/** The bodies in which the viewer holds a seat. */
export default function MyBodies() {
  const t = useTexts(bodiesTexts);
  const { tenant, may } = useTenancy();
  const [{ data }] = useQuery({ query: BodiesQuery, pause: !may(permissions.view) });
  const mine = (data?.bodies.nodes ?? []).flatMap((body) => {
    const seat = body.seats.find((candidate) => candidate.isViewer);
    return seat ? [{ body, seat }] : [];
  });
  if (mine.length === 0) return null;
  return (
    <Card title={t.myBodies} padded={false}>
      <div className="list-rows">
        {mine.map(({ body, seat }) => (
          <Link
            key={body.id}
            {...links.body(tenant.slug, body.id)}
            className="row-link"
            style={{ padding: '10px 20px', borderRadius: 0 }}
          >
            <Text fw={500}>{body.name}</Text>
            <Text size="sm" c="dimmed">
              {t.offices[seat.office]} · {t.elected(body.electedCount)}
            </Text>
          </Link>
        ))}
      </div>
    </Card>
  );
}
