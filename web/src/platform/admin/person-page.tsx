import { Button, Group, Stack, Text } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import {
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
  toast,
} from '#platform/design';
import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { useSessionFacts, useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { Abilities } from './abilities';
import { type GrantFacts, PersonQuery, ResumeAccess, SuspendAccess, TakeRole } from './documents';
import { GrantText } from './grant-text';
import { ReasonDialog } from './reason-dialog';
import { adminTexts } from './texts';
import { useAct } from './use-act';

const GiveRoleDialog = lazy(() => import('./give-role-dialog'));

/** What somebody can do in the organization, and why; roles are given and taken here. */
export default function PersonPage(props: { account: string }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const format = useFormat();
  const { tenant, may } = useTenancy();
  const viewer = useSessionFacts()?.viewer?.account.id;
  const [{ data, error }, again] = useQuery({
    query: PersonQuery,
    variables: { account: props.account },
    requestPolicy: 'cache-and-network',
  });
  const [giving, setGiving] = useState(false);
  const [taken, setTaken] = useState<GrantFacts | null>(null);
  const [suspending, setSuspending] = useState(false);
  const title = (permission: string) =>
    data?.permissions.find((one) => one.name === permission)?.title[language] ?? permission;
  const { busy, act } = useAct(title);
  const person = data?.personAccess;
  // Nobody changes their own access, but for roles that they lay down.
  const mine = props.account === viewer;
  const gives = may('tenancy.give_roles');

  async function take(grant: GrantFacts, reason: string | null) {
    const answer = await act(TakeRole, { grant: grant.id, reason }, (data) => data.takeRole);
    if (!answer) return;
    setTaken(null);
    toast.good(t.taken);
  }

  async function suspend(reason: string | null) {
    const answer = await act(
      SuspendAccess,
      { account: props.account, reason },
      (data) => data.suspendAccess,
    );
    if (!answer) return;
    setSuspending(false);
    toast.good(t.suspendedNow);
  }

  async function resume() {
    const answer = await act(ResumeAccess, { account: props.account }, (data) => data.resumeAccess);
    if (answer) toast.good(t.resumed);
  }

  return (
    <Page
      title={person?.name ?? t.peopleTitle}
      subtitle={person && t.sinceDay(format.date(person.since))}
      back={{ label: t.peopleTitle, link: links.admin(tenant.slug, 'people') }}
      actions={
        person &&
        gives &&
        !mine && (
          <>
            {person.suspendedAt ? (
              <Button variant="default" loading={busy} onClick={() => void resume()}>
                {t.resume}
              </Button>
            ) : (
              <Button variant="default" onClick={() => setSuspending(true)}>
                {t.suspend}
              </Button>
            )}
            <Button onClick={() => setGiving(true)}>{t.give}</Button>
          </>
        )
      }
    >
      {error && !data && (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => again({ requestPolicy: 'network-only' })}
        />
      )}
      {!data && !error && <ListSkeleton rows={8} />}
      {person && (
        <Stack gap="lg">
          {person.suspendedAt && (
            <Note
              tone="warn"
              title={t.suspendedSince(format.date(person.suspendedAt), person.suspendedBy)}
            >
              {person.suspendedReason && <Text>{person.suspendedReason}</Text>}
            </Note>
          )}
          <Card title={t.held} padded={false}>
            {person.grants.length === 0 && (
              <EmptyState icon={KeyRound} title={t.noRoles} text={t.heldEmpty} />
            )}
            <ul className="admin-rows list-rows">
              {person.grants.map((grant) => (
                <li key={grant.id} className="admin-row">
                  <div className="admin-row-text">
                    <Group gap="xs">
                      <Text fw={500}>{grant.title[language]}</Text>
                      {!grant.holds && (
                        <StateBadge>
                          {grant.from && new Date(grant.from) > new Date() ? t.notYet : t.over}
                        </StateBadge>
                      )}
                    </Group>
                    <GrantText grant={grant} />
                  </div>
                  {gives && grant.source === 'HAND' && (
                    <Button
                      variant="subtle"
                      color="red"
                      size="sm"
                      aria-label={t.takeOne(grant.title[language], grant.unitName)}
                      onClick={() => setTaken(grant)}
                    >
                      {t.take}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Card>
          <Card title={t.abilities}>
            {person.permissions.length === 0 ? (
              <Text c="dimmed">{t.abilitiesEmpty}</Text>
            ) : (
              <Abilities held={person.permissions} title={title} />
            )}
          </Card>
        </Stack>
      )}
      {taken && (
        <ReasonDialog
          title={t.takeTitle}
          text={t.takeText(taken.title[language], taken.unitName)}
          submit={t.take}
          busy={busy}
          onClose={() => setTaken(null)}
          onSubmit={(reason) => void take(taken, reason)}
        />
      )}
      {suspending && (
        <ReasonDialog
          title={t.suspendTitle}
          text={t.suspendText}
          submit={t.suspendSubmit}
          busy={busy}
          onClose={() => setSuspending(false)}
          onSubmit={(reason) => void suspend(reason)}
        />
      )}
      {giving && person && (
        <Suspense>
          <GiveRoleDialog
            account={person.account}
            name={person.name}
            onClose={() => setGiving(false)}
          />
        </Suspense>
      )}
    </Page>
  );
}
