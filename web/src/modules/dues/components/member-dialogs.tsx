import { NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import {
  ChargeMember,
  DeclareSalary,
  GrantExemption,
  type LedgerLine,
  ReverseEntry,
} from '../documents';
import { monthOf, parseRoubles } from '../sums';
import { duesTexts } from '../texts';
import { MonthSelect } from './month-select';
import { useRefusalText } from './use-refusal-text';

type Props = { member: string; opened: boolean; onClose: () => void };
type Ground = keyof (typeof duesTexts)['ru']['grounds'];

/** Writes down what a percentage is taken of. */
export function DeclareSalaryDialog(props: Props) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [sum, setSum] = useState('');
  const [validFrom, setValidFrom] = useState(monthOf(new Date()));
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, declare] = useMutation(DeclareSalary);
  const kopecks = parseRoubles(sum);

  async function submit() {
    setChecked(true);
    if (kopecks === null) return;
    const answer = await declare({ input: { member: props.member, kopecks, validFrom } });
    if (!answer.data) return;
    toast.good(t.salarySaved);
    setSum('');
    setChecked(false);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.declareSalary}
      submit={t.save}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      <Text size="sm" c="dimmed">
        {t.declareSalaryHint}
      </Text>
      <TextInput
        label={t.sum}
        inputMode="decimal"
        data-autofocus
        value={sum}
        error={checked && kopecks === null && t.sumWrong}
        onChange={(event) => setSum(event.currentTarget.value)}
      />
      <MonthSelect label={t.validFrom} value={validFrom} onChange={setValidFrom} ahead={12} />
    </FormDialog>
  );
}

/** Excuses the member from paying for a time. */
export function ExemptionDialog(props: Props) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [ground, setGround] = useState<Ground>('PENSIONER');
  const [from, setFrom] = useState(monthOf(new Date()));
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, grant] = useMutation(GrantExemption);
  const noteMissing = ground === 'OTHER' && !note.trim();

  async function submit() {
    setChecked(true);
    if (noteMissing) return;
    const answer = await grant({
      input: {
        member: props.member,
        ground,
        from,
        until: until || null,
        note: note.trim() || null,
      },
    });
    if (!answer.data) return;
    toast.good(t.granted);
    setNote('');
    setChecked(false);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.grantExemption}
      submit={t.save}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      <Text size="sm" c="dimmed">
        {t.grantHint}
      </Text>
      <NativeSelect
        label={t.ground}
        value={ground}
        onChange={(event) => setGround(event.currentTarget.value as Ground)}
        data={Object.entries(t.grounds).map(([value, label]) => ({ value, label }))}
      />
      <MonthSelect label={t.fromMonth} value={from} onChange={setFrom} ahead={6} />
      <MonthSelect
        label={t.untilMonth}
        value={until}
        onChange={setUntil}
        ahead={60}
        empty={t.untilEmpty}
      />
      <Textarea
        label={t.note}
        autosize
        maxLength={500}
        value={note}
        error={checked && noteMissing && t.noteNeeded}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** Charges the member for one month, anew when that charge was taken back. */
export function ChargeMemberDialog(props: Props) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [month, setMonth] = useState(monthOf(new Date()));
  const [{ fetching, error, data }, charge] = useMutation(ChargeMember);
  const status = data?.chargeMember.status;

  async function submit() {
    const answer = await charge({ member: props.member, month });
    if (answer.data?.chargeMember.status !== 'OK') return;
    toast.good(t.chargeOneStatus.OK);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.chargeOne}
      submit={t.chargeConfirm}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      {status && status !== 'OK' && <Note tone="warn">{t.chargeOneStatus[status]}</Note>}
      <MonthSelect label={t.month} value={month} onChange={setMonth} ahead={1} />
    </FormDialog>
  );
}

/** Takes an entry back; open while there is one. */
export function ReverseDialog(props: { entry: LedgerLine | null; onClose: () => void }) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, reverse] = useMutation(ReverseEntry);

  async function submit() {
    setChecked(true);
    if (!props.entry || !reason.trim()) return;
    const answer = await reverse({ entry: props.entry.id, reason: reason.trim() });
    if (!answer.data) return;
    if (answer.data.reverseEntry.status === 'OK') toast.good(t.reversedDone);
    else toast.bad(t.alreadyReversed);
    setReason('');
    setChecked(false);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.entry !== null}
      title={t.reverseTitle}
      submit={t.reverseSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      <Text>{t.reverseText}</Text>
      <Textarea
        label={t.reason}
        autosize
        data-autofocus
        maxLength={500}
        value={reason}
        error={checked && !reason.trim() && t.reasonMissing}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
