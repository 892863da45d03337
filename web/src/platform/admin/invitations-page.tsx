import { Anchor, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { MailPlus, Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import {
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
  type Tone,
  toast,
} from '#platform/design';
import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { lastDay } from './days';
import {
  type InvitationFacts,
  type InvitationState,
  InvitationsQuery,
  ResendInvitation,
  RevokeInvitation,
} from './invitations-documents';
import { invitationsTexts } from './invitations-texts';
import { ReasonDialog } from './reason-dialog';
import { adminTexts } from './texts';
import { useInvitationAct } from './use-invitation-act';

const InviteDialog = lazy(() => import('./invite-dialog'));

const STATES: readonly InvitationState[] = ['WAITING', 'ACCEPTED', 'REVOKED', 'EXPIRED'];
const TONES: Record<InvitationState, Tone> = {
  WAITING: 'brand',
  ACCEPTED: 'good',
  REVOKED: 'neutral',
  EXPIRED: 'warn',
};

/** Whom the organization invited, and what became of it. */
export default function InvitationsPage() {
  const t = useTexts(invitationsTexts);
  const ofRoles = useTexts(adminTexts);
  const client = useClient();
  const { tenant, may } = useTenancy();
  const { busy, act } = useInvitationAct();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [state, setState] = useState('');
  const [inviting, setInviting] = useState(false);
  const [revoking, setRevoking] = useState<InvitationFacts | null>(null);
  const invites = may('tenancy.give_roles');
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<InvitationFacts>(
    JSON.stringify([tenant.slug, settled, state]),
    async (after) => {
      const answer = await client
        .query(
          InvitationsQuery,
          {
            search: settled || null,
            state: STATES.find((one) => one === state) ?? null,
            after,
          },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.invitations, error: answer.error };
    },
  );

  async function resend(invitation: InvitationFacts) {
    const variables = { invitation: invitation.id };
    const done = await act(ResendInvitation, variables, (data) => data.resendInvitation);
    if (!done) return;
    toast.good(t.resent);
    reload();
  }

  async function revoke(invitation: InvitationFacts, reason: string | null) {
    const variables = { invitation: invitation.id, reason };
    const done = await act(RevokeInvitation, variables, (data) => data.revokeInvitation);
    if (!done) return;
    setRevoking(null);
    toast.good(t.revoked);
    reload();
  }

  const button = invites && <Button onClick={() => setInviting(true)}>{t.invite}</Button>;
  const filtered = settled !== '' || state !== '';
  return (
    <Page title={t.title} subtitle={t.lead} actions={button}>
      <div className="card">
        <Group gap="sm" p="md" align="flex-end">
          <TextInput
            type="search"
            label={t.search}
            style={{ flex: '2 1 220px' }}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <NativeSelect
            label={t.state}
            style={{ flex: '1 1 180px' }}
            value={state}
            onChange={(event) => setState(event.currentTarget.value)}
            data={[
              { value: '', label: t.anyState },
              ...STATES.map((one) => ({ value: one, label: t.states[one] })),
            ]}
          />
        </Group>
        {failure && (
          <div className="card-padded">
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && <ListSkeleton rows={6} />}
        {!loading && !failure && !stale && rows.length === 0 && (
          <EmptyState
            icon={filtered ? Search : MailPlus}
            title={filtered ? t.nothingFound : t.empty}
            text={filtered ? t.nothingFoundText : t.emptyText}
          />
        )}
        {rows.length > 0 && (
          <ul
            className="admin-rows list-rows"
            aria-label={t.title}
            aria-busy={stale}
            style={{ opacity: stale ? 0.55 : 1, borderTop: '1px solid var(--plenum-line)' }}
          >
            {rows.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                busy={busy}
                mayChange={invites}
                onResend={() => void resend(invitation)}
                onRevoke={() => setRevoking(invitation)}
              />
            ))}
          </ul>
        )}
        {hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={loadMore}>
              {ofRoles.loadMore}
            </Button>
          </Group>
        )}
      </div>
      {revoking && (
        <ReasonDialog
          title={t.revokeTitle(revoking.name)}
          text={t.revokeText}
          submit={t.revoke}
          busy={busy}
          onClose={() => setRevoking(null)}
          onSubmit={(reason) => void revoke(revoking, reason)}
        />
      )}
      <Suspense>
        {inviting && <InviteDialog onClose={() => setInviting(false)} onInvited={reload} />}
      </Suspense>
    </Page>
  );
}

function InvitationRow(props: {
  invitation: InvitationFacts;
  busy: boolean;
  mayChange: boolean;
  onResend: () => void;
  onRevoke: () => void;
}) {
  const t = useTexts(invitationsTexts);
  const language = useLanguage();
  const format = useFormat();
  const { tenant } = useTenancy();
  const { invitation } = props;
  const { account } = invitation;
  return (
    <li className="admin-row">
      <div className="admin-row-text">
        <Group gap="xs">
          {account ? (
            <Anchor
              fw={500}
              renderRoot={(rest) => (
                <Link {...links.admin(tenant.slug, `people/${account}`)} {...rest} />
              )}
            >
              {invitation.name}
            </Anchor>
          ) : (
            <Text fw={500}>{invitation.name}</Text>
          )}
          <StateBadge tone={TONES[invitation.state]}>{t.states[invitation.state]}</StateBadge>
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {invitation.email}
        </Text>
        <Text size="sm">
          {invitation.title[language]}, {invitation.unitName}
          {invitation.until && ` · ${t.until(format.date(lastDay(invitation.until)))}`}
        </Text>
        <Text size="sm" c="dimmed">
          <History invitation={invitation} />
          {invitation.reason && ` · ${invitation.reason}`}
        </Text>
        {invitation.refusal && invitation.refusedAt && (
          <div style={{ marginTop: 8 }}>
            <Note tone="warn" title={t.refused(format.dateTime(invitation.refusedAt))}>
              <Text size="sm">{t.refusals[invitation.refusal]}</Text>
            </Note>
          </div>
        )}
      </div>
      {props.mayChange && invitation.canBeSent && (
        <Group gap="xs">
          <Button
            size="sm"
            variant="default"
            disabled={props.busy}
            aria-label={t.resendOne(invitation.name)}
            onClick={props.onResend}
          >
            {t.resend}
          </Button>
          <Button
            size="sm"
            variant="subtle"
            color="red"
            disabled={props.busy}
            aria-label={t.revokeOne(invitation.name)}
            onClick={props.onRevoke}
          >
            {t.revoke}
          </Button>
        </Group>
      )}
    </li>
  );
}

/** Who invited, and how it goes on or ended, in one line. */
function History(props: { invitation: InvitationFacts }) {
  const t = useTexts(invitationsTexts);
  const format = useFormat();
  const { state, invitedBy, sentAt, expiresAt, endedAt, endedBy, letters } = props.invitation;
  const parts = [t.sentBy(invitedBy, format.date(sentAt))];
  if (letters > 1) parts.push(t.letters(letters));
  if (state === 'WAITING') parts.push(t.waitsUntil(format.dateTime(expiresAt)));
  if (state === 'EXPIRED') parts.push(t.expiredAt(format.dateTime(expiresAt)));
  if (state === 'ACCEPTED' && endedAt) parts.push(t.acceptedAt(endedBy, format.dateTime(endedAt)));
  if (state === 'REVOKED' && endedAt) parts.push(t.revokedAt(endedBy, format.dateTime(endedAt)));
  return parts.join(' · ');
}
