import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Card, Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import { RecordConsent, type RecordFacts } from './documents';
import { recordTexts } from './texts';
import { useFieldFaults, useRecordRefusal } from './use-record-refusal';

type Act = 'GIVEN' | 'REFUSED' | 'WITHDRAWN';

/** What holds now, and every consent with the version of its text. */
export function ConsentsTab(props: { member: RecordFacts }) {
  const t = useTexts(recordTexts);
  const format = useFormat();
  const { member } = props;
  const [recording, setRecording] = useState(false);
  const tone = { GIVEN: 'good', REFUSED: 'bad', MISSING: 'warn' } as const;
  return (
    <Stack gap="md">
      <Note tone={tone[member.consentState]}>{t.consentNow[member.consentState]}</Note>
      {member.viewerCan.edit && (
        <div>
          <Button variant="default" size="sm" onClick={() => setRecording(true)}>
            {t.recordConsent}
          </Button>
        </div>
      )}
      <Card padded={false}>
        {member.consents.length === 0 && (
          <Text c="dimmed" className="card-padded">
            {t.consentsEmpty}
          </Text>
        )}
        <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {member.consents.map((consent) => (
            <li
              key={consent.recordedAt + consent.act}
              className="card-edge"
              style={{ paddingTop: 12, paddingBottom: 12 }}
            >
              <Text fw={500}>
                {t.acts[consent.act]}, {format.day(consent.on)}
              </Text>
              <Text size="sm" c="dimmed">
                {[t.textVersion(consent.textVersion), t.sources[consent.source], consent.recordedBy]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </li>
          ))}
        </ul>
      </Card>
      {recording && <ConsentDialog member={member.id} onClose={() => setRecording(false)} />}
    </Stack>
  );
}

function ConsentDialog(props: { member: string; onClose: () => void }) {
  const t = useTexts(recordTexts);
  const refusal = useRecordRefusal();
  const faults = useFieldFaults();
  const [act, setAct] = useState<Act>('GIVEN');
  const [version, setVersion] = useState('');
  const [on, setOn] = useState('');
  const [{ fetching, error, data }, record] = useMutation(RecordConsent);
  const wrong = faults(error);

  async function submit() {
    const answer = await record({
      input: { member: props.member, act, textVersion: version.trim(), on },
    });
    if (answer.data?.recordConsent.status !== 'OK') return;
    toast.good(t.consentSaved);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.consentTitle}
      submit={t.save}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && Object.keys(wrong).length === 0 && <Note tone="bad">{refusal(error)}</Note>}
      {data?.recordConsent.status === 'NOTHING_TO_WITHDRAW' && (
        <Note tone="warn">{t.nothingToWithdraw}</Note>
      )}
      <NativeSelect
        label={t.consentAct}
        value={act}
        data-autofocus
        onChange={(event) => setAct(event.currentTarget.value as Act)}
        data={Object.entries(t.acts).map(([value, label]) => ({ value, label }))}
      />
      <TextInput
        label={t.consentVersion}
        description={t.consentVersionHint}
        value={version}
        error={wrong.textVersion}
        onChange={(event) => setVersion(event.currentTarget.value)}
      />
      <TextInput
        label={t.consentOn}
        type="date"
        value={on}
        error={wrong.on}
        onChange={(event) => setOn(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
