import { Button, Group, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Mails, Plus } from 'lucide-react';
import { useCallback } from 'react';
import { useClient, useMutation, useQuery } from 'urql';
import { readFailure, useFailureText, usePaged } from '#platform/client';
import {
  ButtonLink,
  EmptyState,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
  type Tone,
  toast,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type CampaignRowData, CampaignsQuery, CreateCampaign, ListsQuery } from '../documents';
import { permissions } from '../permissions';
import { mailingsTexts } from '../texts';

/** The colours of a campaign's states. */
export const STATE_TONES: Record<CampaignRowData['state'], Tone> = {
  DRAFT: 'neutral',
  SCHEDULED: 'brand',
  SENDING: 'brand',
  PAUSED: 'warn',
  DONE: 'good',
  CANCELLED: 'neutral',
};

/** Campaigns, the latest changed first. */
export default function CampaignsPage() {
  const t = useTexts(mailingsTexts);
  const format = useFormat();
  const failureText = useFailureText();
  const navigate = useNavigate();
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [{ data: lists }] = useQuery({ query: ListsQuery });
  const [{ fetching }, create] = useMutation(CreateCampaign);
  const paged = usePaged<CampaignRowData>(
    'campaigns',
    useCallback(
      async (after) => {
        const answer = await client
          .query(CampaignsQuery, { after }, { requestPolicy: 'network-only' })
          .toPromise();
        return { page: answer.data?.campaigns, error: answer.error };
      },
      [client],
    ),
  );
  const firstList = lists?.mailingLists.nodes[0];

  async function start() {
    if (!firstList) {
      void navigate(links.mailingLists(tenant.slug));
      return;
    }
    const answer = await create({
      input: {
        list: firstList.id,
        subject: '',
        senderName: tenant.name,
        blocks: [{ kind: 'PARAGRAPH', text: '' }],
        audience: {},
      },
    });
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    if (answer.data) void navigate(links.campaign(tenant.slug, answer.data.createCampaign.id));
  }

  const actions = (
    <Group gap="sm">
      <ButtonLink link={links.mailingLists(tenant.slug)} variant="default">
        {t.lists}
      </ButtonLink>
      {may(permissions.edit) && (
        <Button
          leftSection={<Plus size={17} aria-hidden />}
          loading={fetching}
          onClick={() => void start()}
        >
          {t.newCampaign}
        </Button>
      )}
    </Group>
  );
  return (
    <Page title={t.mailings} subtitle={t.lead} actions={actions} width="reading">
      <div className="card">
        {paged.failure && (
          <div className="card-padded">
            <FailureState failure={paged.failure} onRetry={paged.reload} />
          </div>
        )}
        {paged.loading && <ListSkeleton rows={5} />}
        {!paged.loading && !paged.failure && paged.rows.length === 0 && (
          <EmptyState icon={Mails} title={t.emptyTitle} text={t.emptyText} />
        )}
        <div className="list-rows">
          {paged.rows.map((campaign) => (
            <Link
              key={campaign.id}
              {...links.campaign(tenant.slug, campaign.id)}
              className="row-link"
              style={{ padding: '14px 20px', borderRadius: 0 }}
            >
              <Group justify="space-between" gap="sm">
                <div>
                  <Text fw={600}>{campaign.subject || t.untitled}</Text>
                  <Text size="sm" c="dimmed">
                    {campaign.list.name} ·{' '}
                    {format.dateTime(campaign.scheduledAt ?? campaign.updatedAt)}
                  </Text>
                </div>
                <StateBadge tone={STATE_TONES[campaign.state]}>
                  {t.states[campaign.state]}
                </StateBadge>
              </Group>
            </Link>
          ))}
        </div>
      </div>
      {paged.hasMore && (
        <Button variant="default" mt="md" onClick={paged.loadMore}>
          {t.more}
        </Button>
      )}
    </Page>
  );
}
