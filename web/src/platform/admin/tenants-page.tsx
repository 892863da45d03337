import { Button, Group, Text } from '@mantine/core';
import { Building2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page, StateBadge, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { ReasonDialog } from './reason-dialog';
import {
  CallOffTenantDeletion,
  ResendFirstInvitation,
  ResumeTenant,
  SuspendTenant,
  type TenantFacts,
  TenantsQuery,
} from './tenants-documents';
import { tenantsTexts } from './tenants-texts';
import { useTenantAct } from './use-tenant-act';

const CreateDialog = lazy(() => import('./tenant-create-dialog'));
const LimitsDialog = lazy(() => import('./tenant-limits-dialog'));
const DeleteDialog = lazy(() => import('./tenant-delete-dialog'));
const DeletedTenants = lazy(() => import('./deleted-tenants'));

/** The organizations of a federation: their size and state, never what is in them. */
export default function TenantsPage() {
  const t = useTexts(tenantsTexts);
  const { busy, act } = useTenantAct();
  const [{ data, error }, again] = useQuery({
    query: TenantsQuery,
    requestPolicy: 'cache-and-network',
  });
  const [creating, setCreating] = useState(false);
  const [limiting, setLimiting] = useState<TenantFacts | null>(null);
  const [suspending, setSuspending] = useState<TenantFacts | null>(null);
  const [deleting, setDeleting] = useState<TenantFacts | null>(null);

  async function suspend(tenant: TenantFacts, reason: string | null) {
    const done = await act(SuspendTenant, { tenant: tenant.id, reason }, (d) => d.suspendTenant);
    if (!done) return;
    setSuspending(null);
    toast.good(t.suspendedNow);
  }

  async function resume(tenant: TenantFacts) {
    const done = await act(ResumeTenant, { tenant: tenant.id }, (d) => d.resumeTenant);
    if (done) toast.good(t.resumed);
  }

  async function resend(tenant: TenantFacts) {
    const variables = { tenant: tenant.id };
    const done = await act(ResendFirstInvitation, variables, (d) => d.resendFirstInvitation);
    if (done) toast.good(t.resent);
  }

  async function callOff(tenant: TenantFacts) {
    const variables = { tenant: tenant.id };
    const done = await act(CallOffTenantDeletion, variables, (d) => d.callOffTenantDeletion);
    if (done) toast.good(t.calledOff);
  }

  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      actions={data && <Button onClick={() => setCreating(true)}>{t.create}</Button>}
    >
      {error && !data && (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => again({ requestPolicy: 'network-only' })}
        />
      )}
      {!data && !error && <ListSkeleton rows={8} />}
      {data && (
        <div className="card">
          {data.overseenTenants.length === 0 && <EmptyState icon={Building2} title={t.empty} />}
          <ul className="admin-rows list-rows" aria-label={t.title}>
            {data.overseenTenants.map((tenant) => (
              <TenantRow
                key={tenant.id}
                tenant={tenant}
                busy={busy}
                onLimit={() => setLimiting(tenant)}
                onSuspend={() => setSuspending(tenant)}
                onResume={() => void resume(tenant)}
                onResend={() => void resend(tenant)}
                onDelete={() => setDeleting(tenant)}
                onCallOff={() => void callOff(tenant)}
              />
            ))}
          </ul>
        </div>
      )}
      {suspending && (
        <ReasonDialog
          title={t.suspendTitle(suspending.shortName)}
          text={t.suspendText}
          submit={t.suspend}
          busy={busy}
          onClose={() => setSuspending(null)}
          onSubmit={(reason) => void suspend(suspending, reason)}
        />
      )}
      <Suspense>
        {creating && (
          <CreateDialog tenants={data?.overseenTenants ?? []} onClose={() => setCreating(false)} />
        )}
        {limiting && <LimitsDialog tenant={limiting} onClose={() => setLimiting(null)} />}
        {deleting && <DeleteDialog tenant={deleting} onClose={() => setDeleting(null)} />}
        {data && <DeletedTenants />}
      </Suspense>
    </Page>
  );
}

function TenantRow(props: {
  tenant: TenantFacts;
  busy: boolean;
  onLimit: () => void;
  onSuspend: () => void;
  onResume: () => void;
  onResend: () => void;
  onDelete: () => void;
  onCallOff: () => void;
}) {
  const t = useTexts(tenantsTexts);
  const format = useFormat();
  const { tenant: here } = useTenancy();
  const { tenant } = props;
  const { usage, limits, deletion } = tenant;
  const own = tenant.id === here.id;
  const of = (used: string, limit: string | null) => (limit === null ? used : t.of(used, limit));
  const count = (limit: number | null) => (limit === null ? null : format.number(limit));
  return (
    <li className="admin-row">
      <div className="admin-row-text">
        <Group gap="xs">
          <Text fw={500}>{tenant.shortName}</Text>
          {own && <StateBadge>{t.own}</StateBadge>}
          {tenant.suspendedAt && !deletion?.begunAt && (
            <StateBadge tone="warn">{t.suspended}</StateBadge>
          )}
          {deletion && (
            <StateBadge tone="bad">
              {deletion.begunAt ? t.isDeleted : t.willBeDeleted(format.date(deletion.dueAt))}
            </StateBadge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {tenant.name}
        </Text>
        {tenant.suspendedReason && <Text size="sm">{tenant.suspendedReason}</Text>}
        <Invited invitation={tenant.firstInvitation} />
        {deletion && <Text size="sm">{t.deletionAsked(deletion.askedBy, deletion.reason)}</Text>}
      </div>
      <div className="admin-row-text">
        <Text size="sm">
          {t.members(usage.members)} · {t.accounts(usage.accounts)}
        </Text>
        <Text size="sm" c="dimmed">
          {t.files}:{' '}
          {of(
            format.bytes(usage.storageBytes),
            limits.storageBytes === null ? null : format.bytes(limits.storageBytes),
          )}
          {' · '}
          {t.lettersToday}: {of(format.number(usage.lettersToday), count(limits.lettersDaily))}
          {' · '}
          {t.inRooms}: {of(format.number(usage.participants), count(limits.participants))}
        </Text>
      </div>
      {!own && !deletion?.begunAt && (
        <Group gap="xs">
          {waits(tenant.firstInvitation) && (
            <Button
              size="sm"
              variant="default"
              loading={props.busy}
              aria-label={t.resendOne(tenant.shortName)}
              onClick={props.onResend}
            >
              {t.resend}
            </Button>
          )}
          <Button
            size="sm"
            variant="default"
            aria-label={t.limitsOne(tenant.shortName)}
            onClick={props.onLimit}
          >
            {t.limits}
          </Button>
          {tenant.suspendedAt ? (
            <Button
              size="sm"
              variant="default"
              loading={props.busy}
              aria-label={t.resumeOne(tenant.shortName)}
              onClick={props.onResume}
            >
              {t.resume}
            </Button>
          ) : (
            <Button
              size="sm"
              variant="subtle"
              color="red"
              aria-label={t.suspendOne(tenant.shortName)}
              onClick={props.onSuspend}
            >
              {t.suspend}
            </Button>
          )}
          {deletion ? (
            <Button
              size="sm"
              variant="default"
              loading={props.busy}
              aria-label={t.callOffOne(tenant.shortName)}
              onClick={props.onCallOff}
            >
              {t.callOff}
            </Button>
          ) : (
            <Button
              size="sm"
              variant="subtle"
              color="red"
              aria-label={t.removeOne(tenant.shortName)}
              onClick={props.onDelete}
            >
              {t.remove}
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}

type FirstInvitation = TenantFacts['firstInvitation'];

/** Nobody has accepted it, and another letter may help. */
function waits(invitation: FirstInvitation): boolean {
  return invitation?.state === 'WAITING' || invitation?.state === 'EXPIRED';
}

/** Who is to be the first administrator, while they have not answered. */
function Invited(props: { invitation: FirstInvitation }) {
  const t = useTexts(tenantsTexts);
  const format = useFormat();
  const { invitation } = props;
  if (!invitation || !waits(invitation)) return null;
  const { name, email, state, expiresAt } = invitation;
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {state === 'WAITING'
        ? t.waiting(name, email, format.dateTime(expiresAt))
        : t.notAnswered(name, email)}
    </Text>
  );
}
