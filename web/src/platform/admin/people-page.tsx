import { Anchor, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type GrantFacts, PeopleQuery, type PersonFacts, RolesQuery } from './documents';
import { adminTexts } from './texts';

const InviteDialog = lazy(() => import('./invite-dialog'));

/** So many roles of a person fit into a row. */
const SHOWN = 3;

/** Everybody who was let into the organization. */
export default function PeoplePage() {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const format = useFormat();
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [role, setRole] = useState('');
  const [access, setAccess] = useState('');
  const [inviting, setInviting] = useState(false);
  const [{ data }] = useQuery({ query: RolesQuery });
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<PersonFacts>(
    JSON.stringify([tenant.slug, settled, role, access]),
    async (after) => {
      const answer = await client
        .query(
          PeopleQuery,
          {
            search: settled || null,
            role: role || null,
            suspended: access === '' ? null : access === 'suspended',
            after,
          },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.peopleWithAccess, error: answer.error };
    },
  );
  return (
    <Page
      title={t.peopleTitle}
      subtitle={t.peopleLead}
      actions={
        may('tenancy.give_roles') && <Button onClick={() => setInviting(true)}>{t.invite}</Button>
      }
    >
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
            label={t.role}
            style={{ flex: '1 1 180px' }}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
            data={[
              { value: '', label: t.anyRole },
              ...(data?.roles ?? []).map((one) => ({ value: one.id, label: one.title[language] })),
            ]}
          />
          <NativeSelect
            label={t.access}
            style={{ flex: '1 1 140px' }}
            value={access}
            onChange={(event) => setAccess(event.currentTarget.value)}
            data={[
              { value: '', label: t.accessAll },
              { value: 'active', label: t.accessActive },
              { value: 'suspended', label: t.accessSuspended },
            ]}
          />
        </Group>
        {failure && (
          <div className="card-padded">
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && <ListSkeleton rows={8} />}
        {!loading && !failure && !stale && rows.length === 0 && (
          <EmptyState icon={Users} title={t.nobody} text={t.nobodyText} />
        )}
        {rows.length > 0 && (
          <ul
            className="admin-rows list-rows"
            aria-label={t.peopleTitle}
            aria-busy={stale}
            style={{ opacity: stale ? 0.55 : 1, borderTop: '1px solid var(--plenum-line)' }}
          >
            {rows.map((person) => (
              <li key={person.account} className="admin-row">
                <div className="admin-row-text">
                  <Group gap="xs">
                    <Anchor
                      fw={500}
                      renderRoot={(rest) => (
                        <Link {...links.admin(tenant.slug, `people/${person.account}`)} {...rest} />
                      )}
                    >
                      {person.name}
                    </Anchor>
                    {person.suspendedAt && <StateBadge tone="warn">{t.suspended}</StateBadge>}
                  </Group>
                  <Text size="sm" c="dimmed">
                    <Roles grants={person.grants} />
                  </Text>
                </div>
                <Text size="sm" c="dimmed">
                  {t.sinceDay(format.date(person.since))}
                </Text>
              </li>
            ))}
          </ul>
        )}
        {hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={loadMore}>
              {t.loadMore}
            </Button>
          </Group>
        )}
      </div>
      <Suspense>{inviting && <InviteDialog onClose={() => setInviting(false)} />}</Suspense>
    </Page>
  );
}

/** The roles of a person in one line; those that hold first. */
function Roles(props: { grants: readonly GrantFacts[] }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const names = [
    ...new Set(
      props.grants
        .filter((grant) => grant.holds)
        .map((grant) => `${grant.title[language]}, ${grant.office ?? grant.unitName}`),
    ),
  ];
  if (names.length === 0) return t.noRoles;
  const rest = names.length - SHOWN;
  return [...names.slice(0, SHOWN), ...(rest > 0 ? [t.more(rest)] : [])].join(' · ');
}
