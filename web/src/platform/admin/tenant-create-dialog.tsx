import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { CreateTenant, type TenantFacts } from './tenants-documents';
import { tenantsTexts } from './tenants-texts';
import { useTenantAct } from './use-tenant-act';

/** A new organization and its first administrator. */
export default function TenantCreateDialog(props: {
  tenants: readonly TenantFacts[];
  onClose: () => void;
}) {
  const t = useTexts(tenantsTexts);
  const { busy, act } = useTenantAct();
  const [name, setName] = useState('');
  const [shortName, setShortName] = useState('');
  const [slug, setSlug] = useState('');
  const [parent, setParent] = useState('');
  const [administratorName, setAdministratorName] = useState('');
  const [administratorEmail, setAdministratorEmail] = useState('');

  async function submit() {
    const input = {
      name,
      shortName,
      slug,
      parent: parent || null,
      administratorName,
      administratorEmail,
    };
    if (!(await act(CreateTenant, { input }, (data) => data.createTenant))) return;
    toast.good(t.created);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.createTitle}
      submit={t.createSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <TextInput
        label={t.name}
        value={name}
        maxLength={300}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t.shortName}
        value={shortName}
        maxLength={60}
        onChange={(event) => setShortName(event.currentTarget.value)}
      />
      <TextInput
        label={t.slug}
        description={t.slugHint}
        value={slug}
        maxLength={41}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setSlug(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.parent}
        value={parent}
        onChange={(event) => setParent(event.currentTarget.value)}
        data={props.tenants.map((one, index) => ({
          value: index === 0 ? '' : one.id,
          label: one.shortName,
        }))}
      />
      <TextInput
        label={t.administratorName}
        value={administratorName}
        maxLength={300}
        autoComplete="off"
        onChange={(event) => setAdministratorName(event.currentTarget.value)}
      />
      <TextInput
        type="email"
        label={t.administratorEmail}
        description={t.administratorHint}
        value={administratorEmail}
        autoComplete="off"
        onChange={(event) => setAdministratorEmail(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
