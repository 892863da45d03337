import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import { RecordPayment } from '../documents';
import { dayOf, parseRoubles } from '../sums';
import { duesTexts } from '../texts';
import { PayerSelect } from './payer-select';
import { useRefusalText } from './use-refusal-text';

type Method = 'CASH' | 'BANK' | 'PAYROLL';

/** Records one payment, of a certain member or of one to be chosen. */
export default function RecordPaymentDialog(props: {
  member: string | null;
  onClose: () => void;
  onRecorded?: () => void;
}) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const refusalText = useRefusalText();
  const today = dayOf(new Date());
  const [chosen, setChosen] = useState<string | null>(null);
  const [sum, setSum] = useState('');
  const [paidOn, setPaidOn] = useState(today);
  const [method, setMethod] = useState<Method>('CASH');
  const [reference, setReference] = useState('');
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState(false);
  // The same until the payment is recorded: a click too many, or a repeat after a lost answer,
  // must not record it twice.
  const [request, setRequest] = useState(() => crypto.randomUUID());
  const [{ fetching, error }, record] = useMutation(RecordPayment);
  const member = props.member ?? chosen;
  const kopecks = parseRoubles(sum);
  const sumWrong = !kopecks;
  const dateWrong = paidOn === '' || paidOn > today;

  async function submit() {
    setChecked(true);
    if (!member || !kopecks || dateWrong) return;
    const answer = await record({
      input: {
        member,
        kopecks,
        paidOn,
        method,
        reference: reference.trim() || null,
        note: note.trim() || null,
        request,
      },
    });
    if (!answer.data) return;
    toast.good(t.paymentSaved(format.money(kopecks)));
    setRequest(crypto.randomUUID());
    setChosen(null);
    setSum('');
    setReference('');
    setNote('');
    setChecked(false);
    props.onRecorded?.();
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.recordPayment}
      submit={t.recordSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      {props.member === null && (
        <PayerSelect
          value={chosen}
          onChange={setChosen}
          error={checked && !member && t.payerMissing}
        />
      )}
      <TextInput
        label={t.sum}
        inputMode="decimal"
        data-autofocus={props.member === null ? undefined : true}
        value={sum}
        error={checked && sumWrong && t.sumWrong}
        onChange={(event) => setSum(event.currentTarget.value)}
      />
      <TextInput
        label={t.paidOn}
        type="date"
        max={today}
        value={paidOn}
        error={checked && dateWrong && t.dateWrong}
        onChange={(event) => setPaidOn(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.method}
        value={method}
        onChange={(event) => setMethod(event.currentTarget.value as Method)}
        data={Object.entries(t.methodsLong).map(([value, label]) => ({ value, label }))}
      />
      <TextInput
        label={t.reference}
        description={t.referenceHint}
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <Textarea
        label={t.note}
        autosize
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
