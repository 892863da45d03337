import { Button, Group, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Landmark, Plus } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { CreateBodyDialog } from '../components/create-body-dialog';
import { useQuorumWords } from '../components/quorum-words';
import { BodiesQuery } from '../documents';
import { permissions } from '../permissions';
import { bodiesTexts } from '../texts';

/** The elected bodies of the organization. */
export default function BodiesPage() {
  const t = useTexts(bodiesTexts);
  const words = useQuorumWords();
  const navigate = useNavigate();
  const { tenant, may } = useTenancy();
  const [creating, setCreating] = useState(false);
  const [{ data, error }, retry] = useQuery({ query: BodiesQuery });
  const bodies = data?.bodies.nodes;
  const create = may(permissions.create) && (
    <Button leftSection={<Plus size={17} aria-hidden />} onClick={() => setCreating(true)}>
      {t.createBodyAction}
    </Button>
  );
  return (
    <Page title={t.bodiesTitle} subtitle={tenant.name} actions={create} width="reading">
      <div className="card">
        {error && (
          <div className="card-padded">
            <FailureState failure={readFailure(error)} onRetry={() => retry()} />
          </div>
        )}
        {!bodies && !error && <ListSkeleton rows={4} />}
        {bodies?.length === 0 && (
          <EmptyState
            icon={Landmark}
            title={t.bodiesEmptyTitle}
            text={may(permissions.create) ? t.bodiesEmptyText : t.bodiesEmptyReader}
          />
        )}
        <div className="list-rows">
          {bodies?.map((body) => (
            <Link
              key={body.id}
              {...links.body(tenant.slug, body.id)}
              className="row-link"
              style={{ padding: '14px 20px', borderRadius: 0 }}
            >
              <Group justify="space-between" gap="sm">
                <div>
                  <Text fw={600}>{body.name}</Text>
                  <Text size="sm" c="dimmed">
                    {t.kinds[body.kind]} · {t.elected(body.electedCount)}
                  </Text>
                </div>
                <Text size="sm" c="dimmed">
                  {t.quorum}: {words(body.quorumRule)}
                </Text>
              </Group>
            </Link>
          ))}
        </div>
      </div>
      <CreateBodyDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(id) => void navigate(links.body(tenant.slug, id))}
      />
    </Page>
  );
}
