import { Text } from '@mantine/core';
import { useClient } from 'urql';
import { readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useProof } from '#platform/security/use-proof';
import { type FullDocument, SignStep } from '../documents';
import { documentsTexts } from '../texts';
import { CHANGED, refusalText } from './use-act';

/** Asks for a proof of the person, for each signature anew, and signs. */
export function SignDialog(props: {
  document: FullDocument;
  step: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(documentsTexts);
  const client = useClient();
  const intent = `${t.intent}: ${props.document.title}`;
  const { busy, submit, fields } = useProof(async (proof) => {
    const variables = { step: props.step, proof, intent };
    const answer = await client.mutation(SignStep, variables, CHANGED).toPromise();
    if (answer.error) return { fault: refusalText(readFailure(answer.error)) };
    if (answer.data?.signStep.status !== 'OK') return 'wrong';
    toast.good(t.signed);
    props.onDone();
    props.onClose();
    return 'fits';
  });

  const latest = props.document.versions[0];
  return (
    <FormDialog
      opened
      title={t.signTitle}
      submit={t.sign}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.signText}</Text>
      <div>
        <Text size="sm" c="dimmed">
          {t.intentLabel}
        </Text>
        <Text fw={500}>{props.document.title}</Text>
        {latest && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {latest.name} · {t.version(latest.ordinal)} · {t.hash} {latest.sha256}
          </Text>
        )}
      </div>
      {fields}
    </FormDialog>
  );
}
