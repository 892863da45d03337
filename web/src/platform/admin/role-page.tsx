import { Button, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { ButtonLink, Card, FailureState, ListSkeleton, Page, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { RemoveRole, type RoleFacts, RolesQuery } from './documents';
import { bySection } from './sections';
import { adminTexts } from './texts';
import { useAct } from './use-act';

/** A role and what it allows, in plain words. */
export default function RolePage(props: { role: string }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { tenant, may } = useTenancy();
  const { ask, dialog } = useConfirm();
  const { act } = useAct();
  const [{ data, error }, again] = useQuery({
    query: RolesQuery,
    requestPolicy: 'cache-and-network',
  });
  const role = data?.roles.find((one) => one.id === props.role);
  if (data && !role) return <NotFoundPage />;

  async function remove(role: RoleFacts) {
    const answer = await act(RemoveRole, { role: role.id }, (data) => data.removeRole);
    if (!answer) return;
    toast.good(t.removed);
    await navigate(links.admin(tenant.slug, 'roles'));
  }

  const held = (data?.permissions ?? []).filter((one) => role?.permissions.includes(one.name));
  return (
    <Page
      title={role?.title[language] ?? t.rolesTitle}
      subtitle={role?.meaning[language]}
      back={{ label: t.rolesTitle, link: links.admin(tenant.slug, 'roles') }}
      actions={
        role &&
        may('tenancy.define_roles') && (
          <>
            {!role.ready && (
              <Button
                variant="subtle"
                color="red"
                onClick={() =>
                  ask({
                    title: t.removeTitle(role.title[language]),
                    text: t.removeText,
                    confirm: t.removeSubmit,
                    danger: true,
                    run: () => remove(role),
                  })
                }
              >
                {t.removeRole}
              </Button>
            )}
            <ButtonLink variant="default" link={links.admin(tenant.slug, `roles/new/${role.id}`)}>
              {t.copyRole}
            </ButtonLink>
            {!role.ready && (
              <ButtonLink link={links.admin(tenant.slug, `roles/${role.id}/edit`)}>
                {t.changeRole}
              </ButtonLink>
            )}
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
      {!data && !error && <ListSkeleton rows={10} />}
      {role && (
        <Stack gap="lg">
          <Text c="dimmed">
            {t.permissionsCount(role.permissions.length)} · {t.holders(role.holders)}
            {role.byOffice && ` · ${t.byOffice}`}
          </Text>
          {bySection(held, (one) => one.name).map(([section, permissions]) => (
            <Card key={section} title={t.sections[section] ?? section}>
              <ul className="admin-rows admin-permissions">
                {permissions.map((one) => (
                  <li key={one.name}>
                    <Text fw={500}>{one.title[language]}</Text>
                    <Text size="sm" c="dimmed">
                      {one.meaning[language]}
                    </Text>
                  </li>
                ))}
              </ul>
            </Card>
          ))}
        </Stack>
      )}
      {dialog}
    </Page>
  );
}
