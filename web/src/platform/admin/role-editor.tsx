import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Page, toast } from '#platform/design';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import {
  ChangeRole,
  CreateRole,
  type PermissionFacts,
  type RoleFacts,
  RolesQuery,
} from './documents';
import { bySection } from './sections';
import { adminTexts } from './texts';
import { useAct } from './use-act';

/** A role of the organization's own: a new one, a copy of another, or one that is changed. */
export default function RoleEditor(props: { edited?: string; copied?: string | null }) {
  const { may } = useTenancy();
  const [{ data, error }, again] = useQuery({ query: RolesQuery, requestPolicy: 'network-only' });
  const id = props.edited ?? props.copied ?? null;
  const from = data?.roles.find((one) => one.id === id);
  const editable = id === null || (from !== undefined && !(props.edited && from.ready));
  if (!may('tenancy.define_roles') || (data && !editable)) return <NotFoundPage />;
  if (error && !data) {
    return (
      <FailureState
        failure={readFailure(error)}
        onRetry={() => again({ requestPolicy: 'network-only' })}
      />
    );
  }
  if (!data) return <ListSkeleton rows={10} />;
  return (
    <Editor
      edited={props.edited ?? null}
      from={from ?? null}
      permissions={data.permissions}
      key={id}
    />
  );
}

function Editor(props: {
  edited: string | null;
  from: RoleFacts | null;
  permissions: readonly PermissionFacts[];
}) {
  const { edited, from } = props;
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const { busy, act } = useAct(
    (permission) =>
      props.permissions.find((one) => one.name === permission)?.title[language] ?? permission,
  );
  const [name, setName] = useState(() => {
    if (!from) return '';
    return edited ? from.title[language] : t.copyOf(from.title[language]);
  });
  const [description, setDescription] = useState(from?.meaning[language] ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(from?.permissions ?? []);
  const [tried, setTried] = useState(false);

  async function save() {
    setTried(true);
    if (!name.trim() || chosen.length === 0) return;
    const input = { name, description: description.trim() || null, permissions: [...chosen] };
    const answer = edited
      ? await act(ChangeRole, { role: edited, input }, (data) => data.changeRole)
      : await act(CreateRole, { input }, (data) => data.createRole);
    if (!answer) return;
    toast.good(edited ? t.saved : t.created);
    await navigate(links.admin(tenant.slug, answer.id ? `roles/${answer.id}` : 'roles'));
  }

  return (
    <Page
      title={edited ? t.editRole : t.newRole}
      back={{ label: t.rolesTitle, link: links.admin(tenant.slug, 'roles') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="lg">
          <Card>
            <Stack gap="md">
              <TextInput
                label={t.roleName}
                maxLength={100}
                error={tried && !name.trim() ? t.roleNameMissing : null}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Textarea
                label={t.roleDescription}
                maxLength={500}
                value={description}
                onChange={(event) => setDescription(event.currentTarget.value)}
              />
            </Stack>
          </Card>
          {bySection(props.permissions, (one) => one.name).map(([section, permissions]) => (
            <section key={section} className="card card-padded">
              <fieldset className="admin-section">
                <legend>{t.sections[section] ?? section}</legend>
                <div className="admin-permissions">
                  {permissions.map((one) => (
                    <Checkbox
                      key={one.name}
                      label={one.title[language]}
                      description={one.meaning[language]}
                      checked={chosen.includes(one.name)}
                      onChange={(event) => {
                        const on = event.currentTarget.checked;
                        setChosen((before) =>
                          on ? [...before, one.name] : before.filter((name) => name !== one.name),
                        );
                      }}
                    />
                  ))}
                </div>
              </fieldset>
            </section>
          ))}
          <Group>
            <Button type="submit" loading={busy}>
              {t.save}
            </Button>
            <Text c="dimmed">{t.chosen(chosen.length)}</Text>
            {tried && chosen.length === 0 && (
              <Text role="alert" c="red">
                {t.permissionsMissing}
              </Text>
            )}
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
