import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { LimitTenant, type TenantFacts } from './tenants-documents';
import { tenantsTexts } from './tenants-texts';
import { useTenantAct } from './use-tenant-act';

const GIGABYTE = 1_000_000_000;

/** What an organization may use. */
export default function TenantLimitsDialog(props: { tenant: TenantFacts; onClose: () => void }) {
  const t = useTexts(tenantsTexts);
  const { busy, act } = useTenantAct();
  const { limits } = props.tenant;
  const [storage, setStorage] = useState(
    limits.storageBytes === null ? '' : String(limits.storageBytes / GIGABYTE),
  );
  const [letters, setLetters] = useState(limits.lettersDaily?.toString() ?? '');
  const [participants, setParticipants] = useState(limits.participants?.toString() ?? '');
  const fields = [
    { label: t.storage, text: storage, set: setStorage, whole: false },
    { label: t.letters, text: letters, set: setLetters, whole: true },
    { label: t.participants, text: participants, set: setParticipants, whole: true },
  ];
  const wrong = (field: (typeof fields)[number]) => number(field.text, field.whole) === undefined;

  async function submit() {
    if (fields.some(wrong)) return;
    const bytes = number(storage, false);
    const input = {
      storageBytes: bytes == null ? null : Math.round(bytes * GIGABYTE),
      lettersDaily: number(letters, true) ?? null,
      participants: number(participants, true) ?? null,
    };
    const variables = { tenant: props.tenant.id, limits: input };
    if (!(await act(LimitTenant, variables, (data) => data.limitTenant))) return;
    toast.good(t.limitsSaved);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.limitsTitle(props.tenant.shortName)}
      submit={t.save}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.limitsText}</Text>
      {fields.map((field) => (
        <TextInput
          key={field.label}
          label={field.label}
          inputMode={field.whole ? 'numeric' : 'decimal'}
          value={field.text}
          error={wrong(field) ? t.notANumber : null}
          onChange={(event) => field.set(event.currentTarget.value)}
        />
      ))}
    </FormDialog>
  );
}

/** A number that is not below zero; null for nothing, undefined for what is none. */
function number(text: string, whole: boolean): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value) || value < 0 || (whole && !Number.isInteger(value))) return undefined;
  return value;
}
