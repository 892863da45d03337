import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { ButtonLink, Card, FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type RoleFacts, RolesQuery } from './documents';
import { adminTexts } from './texts';

/** The roles that every organization has, and those of its own. */
export default function RolesPage() {
  const t = useTexts(adminTexts);
  const { tenant, may } = useTenancy();
  const [{ data, error }, again] = useQuery({
    query: RolesQuery,
    requestPolicy: 'cache-and-network',
  });
  const own = data?.roles.filter((role) => !role.ready) ?? [];
  return (
    <Page
      title={t.rolesTitle}
      subtitle={t.rolesLead}
      actions={
        may('tenancy.define_roles') && (
          <ButtonLink link={links.admin(tenant.slug, 'roles/new')}>{t.createRole}</ButtonLink>
        )
      }
    >
      {error && !data && (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => again({ requestPolicy: 'network-only' })}
        />
      )}
      {!data && !error && <ListSkeleton rows={10} />}
      {data && (
        <Stack gap="lg">
          <Card title={t.own} padded={false}>
            {own.length === 0 ? (
              <Text c="dimmed" className="card-edge" pb="md">
                {t.ownEmpty}
              </Text>
            ) : (
              <Roles roles={own} />
            )}
          </Card>
          <Card title={t.ready} padded={false}>
            <Roles roles={data.roles.filter((role) => role.ready)} />
          </Card>
        </Stack>
      )}
    </Page>
  );
}

function Roles(props: { roles: readonly RoleFacts[] }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const { tenant } = useTenancy();
  return (
    <ul className="admin-rows list-rows">
      {props.roles.map((role) => (
        <li key={role.id} className="admin-row">
          <div className="admin-row-text">
            <Group gap="xs">
              <Anchor
                fw={500}
                renderRoot={(rest) => (
                  <Link {...links.admin(tenant.slug, `roles/${role.id}`)} {...rest} />
                )}
              >
                {role.title[language]}
              </Anchor>
              {role.byOffice && <StateBadge>{t.byOffice}</StateBadge>}
            </Group>
            <Text size="sm" c="dimmed">
              {role.meaning[language]}
            </Text>
          </div>
          <Text size="sm" c="dimmed">
            {t.permissionsCount(role.permissions.length)} · {t.holders(role.holders)}
          </Text>
        </li>
      ))}
    </ul>
  );
}
