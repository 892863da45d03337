import { Anchor, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { readFailure, useFailureText, type VariablesOf } from '#platform/client';
import { Note } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useLanguage, useTexts } from '#platform/languages';
import { ExportAudit } from './audit-documents';
import { auditTexts } from './audit-texts';

/** Entries of the present filter as a file. */
export default function AuditExportDialog(props: {
  filter: VariablesOf<typeof ExportAudit>['filter'];
  onClose: () => void;
}) {
  const t = useTexts(auditTexts);
  const language = useLanguage();
  const failureText = useFailureText();
  const [reason, setReason] = useState('');
  const [{ data, error, fetching }, run] = useMutation(ExportAudit);
  const file = data?.exportAudit;
  const failure = error ? readFailure(error) : null;
  const tooMany = failure?.fields.some((field) => field.reason === 'too_many');

  async function submit() {
    const answer = await run({
      filter: props.filter,
      language: language === 'ru' ? 'RU' : 'EN',
      reason: reason.trim() || null,
    });
    // The link is kept in the dialog too: a browser may not let a download begin by itself.
    const url = answer.data?.exportAudit.url;
    if (url) window.location.assign(url);
  }

  return (
    <FormDialog
      opened
      title={t.exportTitle}
      submit={t.export}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.exportText}</Text>
      {failure && <Note tone="bad">{tooMany ? t.tooMany : failureText(failure)}</Note>}
      {file && (
        <Note tone="good" title={t.exportReady}>
          <Anchor href={file.url} download>
            {file.name}
          </Anchor>
        </Note>
      )}
      <Textarea
        label={t.exportReason}
        description={t.exportReasonHint}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
