import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { Card } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { CountsQuery } from '../documents';
import { documentsTexts } from '../texts';

/** On the home page: what waits for the viewer. */
export default function Waiting() {
  const t = useTexts(documentsTexts);
  const { tenant } = useTenancy();
  const [{ data }] = useQuery({ query: CountsQuery, requestPolicy: 'cache-and-network' });
  const counts = data?.documentCounts;
  if (!counts) return null;
  const nothing = counts.toSign + counts.toApprove + counts.tasks === 0;
  const documents = (rest: object) => <Link {...links.documents(tenant.slug)} {...rest} />;
  return (
    <Card title={t.waiting}>
      {nothing ? (
        <Text c="dimmed">{t.waitingNothing}</Text>
      ) : (
        <Stack gap={6}>
          {counts.toSign > 0 && <Anchor renderRoot={documents}>{t.toSign(counts.toSign)}</Anchor>}
          {counts.toApprove > 0 && (
            <Anchor renderRoot={documents}>{t.toApprove(counts.toApprove)}</Anchor>
          )}
          {counts.tasks > 0 && (
            <Anchor renderRoot={(rest) => <Link {...links.tasks(tenant.slug)} {...rest} />}>
              {t.openTasks(counts.tasks, counts.overdueTasks)}
            </Anchor>
          )}
        </Stack>
      )}
    </Card>
  );
}
