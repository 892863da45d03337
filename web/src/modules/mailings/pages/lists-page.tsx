import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { Mails } from 'lucide-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Card, EmptyState, FailureState, ListSkeleton, Note, Page, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { CreateList, LiftBounce, ListsQuery } from '../documents';
import { permissions } from '../permissions';
import { mailingsTexts } from '../texts';

/** Lists that recipients can leave, and addresses that do not exist. */
export default function ListsPage() {
  const t = useTexts(mailingsTexts);
  const failureText = useFailureText();
  const { tenant, may } = useTenancy();
  const [{ data, error }, retry] = useQuery({
    query: ListsQuery,
    requestPolicy: 'cache-and-network',
  });
  const [{ fetching, error: failed }, create] = useMutation(CreateList);
  const [, lift] = useMutation(LiftBounce);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const again = () => retry({ requestPolicy: 'network-only' });

  async function submit() {
    const answer = await create({ input: { name, description } });
    if (!answer.data) return;
    setName('');
    setDescription('');
    toast.good(t.saved);
    again();
  }

  return (
    <Page
      title={t.lists}
      subtitle={t.noListText}
      back={{ label: t.back, link: links.campaigns(tenant.slug) }}
      width="reading"
    >
      <Stack gap="lg">
        {may(permissions.edit) && (
          <Card title={t.newList}>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <Stack gap="sm">
                {failed && <Note tone="bad">{failureText(readFailure(failed))}</Note>}
                <TextInput
                  label={t.listName}
                  required
                  withAsterisk={false}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <TextInput
                  label={t.listDescription}
                  value={description}
                  onChange={(event) => setDescription(event.currentTarget.value)}
                />
                <Group>
                  <Button type="submit" loading={fetching} disabled={!name.trim()}>
                    {t.create}
                  </Button>
                </Group>
              </Stack>
            </form>
          </Card>
        )}
        {error && <FailureState failure={readFailure(error)} onRetry={again} />}
        {!data && !error && <ListSkeleton rows={3} />}
        {data?.mailingLists.nodes.length === 0 && (
          <EmptyState icon={Mails} title={t.noListTitle} text={t.noListText} />
        )}
        {data && data.mailingLists.nodes.length > 0 && (
          <div className="card list-rows">
            {data.mailingLists.nodes.map((list) => (
              <Group key={list.id} justify="space-between" px={20} py={14}>
                <div>
                  <Text fw={600}>{list.name}</Text>
                  <Text size="sm" c="dimmed">
                    {[list.unitName, list.description].filter(Boolean).join(' · ')}
                  </Text>
                </div>
                <Text size="sm" c="dimmed">
                  {t.unsubscribed(list.unsubscribedCount)}
                </Text>
              </Group>
            ))}
          </div>
        )}
        {data && (
          <Card title={t.bouncedTitle}>
            {data.bouncedAddresses.nodes.length === 0 && <Text c="dimmed">{t.bouncedEmpty}</Text>}
            <Stack gap="sm">
              {data.bouncedAddresses.nodes.map((one) => (
                <Group key={one.id} justify="space-between">
                  <div style={{ minWidth: 0 }}>
                    <Text style={{ overflowWrap: 'anywhere' }}>{one.address}</Text>
                    <Text size="sm" c="dimmed">
                      {one.reason}
                    </Text>
                  </div>
                  {may(permissions.edit) && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={t.lift(one.address)}
                      onClick={() => void lift({ suppression: one.id }).then(again)}
                    >
                      {t.liftShort}
                    </Button>
                  )}
                </Group>
              ))}
            </Stack>
          </Card>
        )}
      </Stack>
    </Page>
  );
}
