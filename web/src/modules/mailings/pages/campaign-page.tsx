import { lazy, Suspense } from 'react';
import { useQuery, useSubscription } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CampaignPushes, CampaignQuery } from '../documents';
import { mailingsTexts } from '../texts';
import { STATE_TONES } from './campaigns-page';

// Loaded apart: who looks at the delivery does not need the editor.
const CampaignEditor = lazy(() => import('../components/campaign-editor'));
const DeliveryView = lazy(() => import('../components/delivery-view'));

/** One campaign: its editor while it is a draft, what became of its letters afterwards. */
export default function CampaignPage(props: { id: string }) {
  const t = useTexts(mailingsTexts);
  const { tenant } = useTenancy();
  const [query, retry] = useQuery({ query: CampaignQuery, variables: { id: props.id } });
  const node = query.data?.node;
  const asked = node?.__typename === 'Campaign' ? node : null;
  const [pushes] = useSubscription({ query: CampaignPushes, variables: { id: props.id } });
  const pushed = pushes.data?.campaign.id === props.id ? pushes.data.campaign : null;
  const campaign = pushed ?? asked;
  if (query.data && !campaign) return <NotFoundPage />;
  return (
    <Page
      title={campaign?.subject || t.untitled}
      subtitle={campaign?.list.name}
      back={{ label: t.back, link: links.campaigns(tenant.slug) }}
      actions={
        campaign && (
          <StateBadge tone={STATE_TONES[campaign.state]}>{t.states[campaign.state]}</StateBadge>
        )
      }
      width="reading"
    >
      {query.error && !campaign && (
        <FailureState
          failure={readFailure(query.error)}
          onRetry={() => retry({ requestPolicy: 'network-only' })}
        />
      )}
      {!campaign && !query.error && <ListSkeleton rows={6} />}
      <Suspense fallback={<ListSkeleton rows={6} />}>
        {campaign?.state === 'DRAFT' && campaign.viewerCan.edit && (
          <CampaignEditor key={campaign.id} campaign={campaign} />
        )}
        {campaign && !(campaign.state === 'DRAFT' && campaign.viewerCan.edit) && (
          <DeliveryView campaign={campaign} />
        )}
      </Suspense>
    </Page>
  );
}
