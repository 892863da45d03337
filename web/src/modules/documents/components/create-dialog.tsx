import { Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import type { Uploaded } from '#platform/client';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import {
  AddVersion,
  CreateDocument,
  type DocumentRow,
  JournalsQuery,
  RegisterDocument,
} from '../documents';
import { documentsTexts } from '../texts';
import { FileField } from './file-field';
import { type Person, PersonField } from './person-field';
import { useAct } from './use-act';

type Kind = DocumentRow['kind'];

/** Makes a document: card, file, and if wanted its number at once. */
export function CreateDialog(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [kind, setKind] = useState<Kind>('INCOMING');
  const [title, setTitle] = useState('');
  const [summary, setSummary] = useState('');
  const [correspondent, setCorrespondent] = useState('');
  const [theirNumber, setTheirNumber] = useState('');
  const [theirDate, setTheirDate] = useState('');
  const [dueOn, setDueOn] = useState('');
  const [executor, setExecutor] = useState<Person | null>(null);
  const [file, setFile] = useState<Uploaded | null>(null);
  const [journal, setJournal] = useState('');
  const [missing, setMissing] = useState(false);
  const [{ data }] = useQuery({ query: JournalsQuery, pause: !props.opened });
  const journals = data?.journals.filter((one) => one.kind === kind) ?? [];
  const outside = kind === 'INCOMING' || kind === 'OUTGOING';

  async function submit() {
    if (!title.trim()) {
      setMissing(true);
      return;
    }
    const made = await act(CreateDocument, {
      kind,
      input: {
        title,
        summary,
        correspondent: (outside && correspondent) || null,
        theirNumber: (outside && theirNumber) || null,
        theirDate: (outside && theirDate) || null,
        executor: executor?.id ?? null,
        dueOn: dueOn || null,
      },
    });
    if (!made) return;
    const document = made.createDocument.id;
    if (file) await act(AddVersion, { document, file: file.id, comment: '' });
    if (journal) {
      const outcome = await act(RegisterDocument, { document, journal });
      if (outcome) toast.good(t.registeredNow(outcome.registerDocument.number));
    } else toast.good(t.created);
    props.onClose();
    props.onCreated(document);
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.createTitle}
      submit={t.createSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <NativeSelect
        label={t.kind}
        value={kind}
        onChange={(event) => {
          setKind(event.currentTarget.value as Kind);
          setJournal('');
        }}
      >
        {Object.entries(t.kinds).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </NativeSelect>
      <TextInput
        label={t.title}
        data-autofocus
        value={title}
        error={missing && !title.trim() ? t.fieldMissing : null}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label={t.summary}
        autosize
        minRows={2}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
      />
      {outside && (
        <>
          <TextInput
            label={t.correspondent}
            value={correspondent}
            onChange={(event) => setCorrespondent(event.currentTarget.value)}
          />
          <Group grow gap="sm">
            <TextInput
              label={t.theirNumber}
              value={theirNumber}
              onChange={(event) => setTheirNumber(event.currentTarget.value)}
            />
            <TextInput
              label={t.theirDate}
              type="date"
              value={theirDate}
              onChange={(event) => setTheirDate(event.currentTarget.value)}
            />
          </Group>
        </>
      )}
      <PersonField label={t.executor} value={executor} onChange={setExecutor} />
      <TextInput
        label={t.dueOn}
        type="date"
        value={dueOn}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
      <FileField value={file} onChange={setFile} />
      <NativeSelect
        label={t.registerNow}
        value={journal}
        onChange={(event) => setJournal(event.currentTarget.value)}
      >
        <option value="">{t.notNow}</option>
        {journals.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </NativeSelect>
    </FormDialog>
  );
}
