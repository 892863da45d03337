import { Text } from '@mantine/core';
import { clientFor, readFailure, tokenChanged, useFailureText } from '#platform/client';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { ConfirmIdentity } from './documents';
import { securityTexts } from './texts';
import { useProof } from './use-proof';

/** Asks the person to prove that it is them before an act that weighs, by whatever the account has. */
export default function ConfirmDialog(props: { onAnswer: (confirmed: boolean) => void }) {
  const t = useTexts(securityTexts);
  const failureText = useFailureText();
  const { busy, submit, fields } = useProof(async (proof) => {
    const answer = await clientFor(null).mutation(ConfirmIdentity, { proof }).toPromise();
    if (answer.error) return { fault: failureText(readFailure(answer.error)) };
    if (answer.data?.confirmIdentity.status !== 'OK') return 'wrong';
    tokenChanged();
    props.onAnswer(true);
    return 'fits';
  });
  return (
    <FormDialog
      opened
      title={t.confirmTitle}
      submit={t.confirmSubmit}
      busy={busy}
      onClose={() => props.onAnswer(false)}
      onSubmit={() => void submit()}
    >
      <Text>{t.confirmText}</Text>
      {fields}
    </FormDialog>
  );
}
