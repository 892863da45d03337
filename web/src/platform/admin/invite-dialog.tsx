import { NativeSelect, Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useLanguage, useTexts } from '#platform/languages';
import { endOfDay } from './days';
import { RolesQuery } from './documents';
import { Invite } from './invitations-documents';
import { invitationsTexts } from './invitations-texts';
import { adminTexts } from './texts';
import { useInvitationAct } from './use-invitation-act';
import { useUnits } from './use-units';

/** Whom to invite, into which role, for how long, and why. */
export default function InviteDialog(props: { onClose: () => void; onInvited?: () => void }) {
  const t = useTexts(invitationsTexts);
  const ofRoles = useTexts(adminTexts);
  const language = useLanguage();
  const units = useUnits();
  const [{ data }] = useQuery({ query: RolesQuery });
  const title = (permission: string) =>
    data?.permissions.find((one) => one.name === permission)?.title[language] ?? permission;
  const { busy, act } = useInvitationAct(title);
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [letters, setLetters] = useState(language === 'en' ? 'EN' : 'RU');
  const [role, setRole] = useState('');
  const [unit, setUnit] = useState<string | null>(null);
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const roles = (data?.roles ?? []).filter((one) => !one.byOffice);
  const chosen = roles.find((one) => one.id === role);

  async function submit() {
    setTried(true);
    if (!email.trim() || !name.trim() || !role || !unit) return;
    const input = {
      email: email.trim(),
      name: name.trim(),
      language: letters === 'EN' ? ('EN' as const) : ('RU' as const),
      role,
      unit,
      until: until ? endOfDay(until) : null,
      reason: reason.trim() || null,
    };
    if (!(await act(Invite, { input }, (data) => data.invite))) return;
    toast.good(t.invited(input.email));
    props.onInvited?.();
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.inviteTitle}
      submit={t.inviteSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text size="sm" c="dimmed">
        {t.inviteHint}
      </Text>
      <TextInput
        type="email"
        label={t.email}
        inputMode="email"
        autoComplete="off"
        maxLength={254}
        data-autofocus
        error={tried && !email.trim() ? t.emailMissing : null}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={t.name}
        autoComplete="off"
        maxLength={300}
        error={tried && !name.trim() ? t.nameMissing : null}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={ofRoles.role}
        description={chosen?.meaning[language]}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={tried && !role ? ofRoles.chooseRole : null}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
        data={[
          { value: '', label: '—' },
          ...roles.map((one) => ({ value: one.id, label: one.title[language] })),
        ]}
      />
      <Select
        label={ofRoles.unit}
        description={ofRoles.unitHint}
        searchable
        nothingFoundMessage={ofRoles.noUnit}
        error={tried && !unit ? ofRoles.chooseUnit : null}
        value={unit}
        onChange={setUnit}
        data={units.map((one) => ({ value: one.id, label: one.name }))}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          type="date"
          label={ofRoles.until}
          description={ofRoles.untilHint}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <NativeSelect
          label={t.letterLanguage}
          description={'\u00a0'}
          value={letters}
          onChange={(event) => setLetters(event.currentTarget.value)}
          data={[
            { value: 'RU', label: t.russian },
            { value: 'EN', label: t.english },
          ]}
        />
      </SimpleGrid>
      <Textarea
        label={ofRoles.reason}
        description={ofRoles.reasonHint}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
