import { useState } from 'react';
import { useMutation } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { AssignBankRow } from '../documents';
import { duesTexts } from '../texts';
import { PayerSelect } from './payer-select';
import { useRefusalText } from './use-refusal-text';

/** Chooses the payer of a row by hand. */
export default function AssignDialog(props: {
  list: string;
  row: number;
  onClose: () => void;
  onAssigned: () => void;
}) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [member, setMember] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const [{ fetching, error, data }, assign] = useMutation(AssignBankRow);
  const status = data?.assignBankRow.status;

  async function submit() {
    setChecked(true);
    if (!member) return;
    const answer = await assign({ list: props.list, number: props.row, member });
    if (answer.data?.assignBankRow.status !== 'OK') return;
    toast.good(t.assigned);
    props.onAssigned();
  }

  return (
    <FormDialog
      opened
      title={t.assignTitle(props.row)}
      submit={t.assignSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      {status && status !== 'OK' && (
        <Note tone="bad">{status === 'OTHER_UNIT' ? t.otherUnit : t.wrongState}</Note>
      )}
      <PayerSelect
        value={member}
        onChange={setMember}
        error={checked && !member && t.payerMissing}
      />
    </FormDialog>
  );
}
