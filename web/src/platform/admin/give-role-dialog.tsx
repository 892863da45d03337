import { NativeSelect, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useLanguage, useTexts } from '#platform/languages';
import { beginOfDay, endOfDay } from './days';
import { GiveRole, RolesQuery } from './documents';
import { adminTexts } from './texts';
import { useAct } from './use-act';
import { useUnits } from './use-units';

/** A role, where it holds, for how long, and why. */
export default function GiveRoleDialog(props: {
  account: string;
  name: string;
  onClose: () => void;
}) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const units = useUnits();
  const [{ data }] = useQuery({ query: RolesQuery });
  const title = (permission: string) =>
    data?.permissions.find((one) => one.name === permission)?.title[language] ?? permission;
  const { busy, act } = useAct(title);
  const [role, setRole] = useState('');
  const [unit, setUnit] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const roles = (data?.roles ?? []).filter((one) => !one.byOffice);
  const chosen = roles.find((one) => one.id === role);

  async function submit() {
    setTried(true);
    if (!role || !unit) return;
    const input = {
      account: props.account,
      role,
      unit,
      from: from ? beginOfDay(from) : null,
      until: until ? endOfDay(until) : null,
      reason: reason.trim() || null,
    };
    const answer = await act(GiveRole, { input }, (data) => data.giveRole);
    if (!answer) return;
    toast.good(t.given);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.giveTitle(props.name)}
      submit={t.giveSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <NativeSelect
        label={t.role}
        description={chosen?.meaning[language]}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={tried && !role ? t.chooseRole : null}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
        data={[
          { value: '', label: '—' },
          ...roles.map((one) => ({ value: one.id, label: one.title[language] })),
        ]}
      />
      <Select
        label={t.unit}
        description={t.unitHint}
        searchable
        nothingFoundMessage={t.noUnit}
        error={tried && !unit ? t.chooseUnit : null}
        value={unit}
        onChange={setUnit}
        data={units.map((one) => ({ value: one.id, label: one.name }))}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          type="date"
          label={t.from}
          description={t.fromHint}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t.until}
          description={t.untilHint}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </SimpleGrid>
      <Textarea
        label={t.reason}
        description={t.reasonHint}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
