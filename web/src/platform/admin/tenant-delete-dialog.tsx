import { List, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { DeleteTenant, type TenantFacts } from './tenants-documents';
import { tenantsTexts } from './tenants-texts';
import { useTenantAct } from './use-tenant-act';

/** Sets the deletion of an organization: its name in addresses is typed, so that no other one is meant. */
export default function TenantDeleteDialog(props: { tenant: TenantFacts; onClose: () => void }) {
  const t = useTexts(tenantsTexts);
  const { busy, act } = useTenantAct();
  const [slug, setSlug] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const another = slug.trim() !== props.tenant.slug;
  const empty = reason.trim() === '';

  async function submit() {
    setTried(true);
    if (another || empty) return;
    const variables = { tenant: props.tenant.id, slug: slug.trim(), reason: reason.trim() };
    if (!(await act(DeleteTenant, variables, (data) => data.deleteTenant))) return;
    toast.good(t.deletionSet);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.deleteTitle(props.tenant.shortName)}
      submit={t.deleteSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <List spacing={6}>
        <List.Item>{t.deleteWorks}</List.Item>
        <List.Item>{t.deleteTold}</List.Item>
        <List.Item>{t.deleteGone}</List.Item>
      </List>
      <Text>{t.deleteStays}</Text>
      <Textarea
        label={t.deleteReason}
        description={t.deleteReasonHint}
        required
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        error={tried && empty ? t.deleteReasonEmpty : null}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        label={t.deleteSlug}
        description={t.deleteSlugHint(props.tenant.slug)}
        required
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={slug}
        error={tried && another ? t.reasons.another_slug : null}
        onChange={(event) => setSlug(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
