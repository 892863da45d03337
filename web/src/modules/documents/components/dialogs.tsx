import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import type { Uploaded } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import {
  AddVersion,
  type FullDocument,
  GiveResolution,
  JournalsQuery,
  RegisterDocument,
} from '../documents';
import { documentsTexts } from '../texts';
import { FileField } from './file-field';
import { type Person, PersonField } from './person-field';
import { useAct } from './use-act';

type Props = { document: FullDocument; opened: boolean; onClose: () => void; onDone: () => void };

/** Gives the document its number. */
export function RegisterDialog(props: Props) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [chosen, setChosen] = useState('');
  const [{ data }] = useQuery({ query: JournalsQuery, pause: !props.opened });
  const journals = data?.journals.filter((one) => one.kind === props.document.kind) ?? [];
  const journal = chosen || journals[0]?.id || '';

  async function submit() {
    if (!journal) return;
    const answer = await act(RegisterDocument, { document: props.document.id, journal });
    if (!answer) return;
    const { status, number } = answer.registerDocument;
    if (status === 'OK') toast.good(t.registeredNow(number));
    else toast.bad(t.registeredBefore(number));
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.registerTitle}
      submit={t.register}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {data && journals.length === 0 ? (
        <Note tone="warn">{t.noJournal}</Note>
      ) : (
        <NativeSelect
          label={t.journal}
          value={journal}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {journals.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </NativeSelect>
      )}
    </FormDialog>
  );
}

/** Adds a version. */
export function VersionDialog(props: Props) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [file, setFile] = useState<Uploaded | null>(null);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);

  async function submit() {
    if (!file) {
      setMissing(true);
      return;
    }
    const answer = await act(AddVersion, { document: props.document.id, file: file.id, comment });
    if (!answer) return;
    toast.good(t.versionAdded);
    setFile(null);
    setComment('');
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.addVersionTitle}
      submit={t.addVersionSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {props.document.signatures.length > 0 && <Note tone="warn">{t.addVersionNote}</Note>}
      <FileField value={file} error={missing && !file ? t.fieldMissing : null} onChange={setFile} />
      <TextInput
        label={t.comment}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** A manager's instruction with one task. */
export function ResolutionDialog(props: Props) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [text, setText] = useState('');
  const [words, setWords] = useState('');
  const [assignee, setAssignee] = useState<Person | null>(null);
  const [controller, setController] = useState<Person | null>(null);
  const [dueOn, setDueOn] = useState('');
  const [missing, setMissing] = useState(false);

  async function submit() {
    if (!text.trim() || !words.trim() || !assignee) {
      setMissing(true);
      return;
    }
    const task = {
      text: words,
      assignee: assignee.id,
      controller: controller?.id ?? null,
      dueOn: dueOn || null,
    };
    const answer = await act(GiveResolution, {
      input: { document: props.document.id, text, tasks: [task] },
    });
    if (!answer) return;
    toast.good(t.given);
    setText('');
    setWords('');
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.giveResolutionTitle}
      submit={t.give}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Textarea
        label={t.resolutionText}
        data-autofocus
        autosize
        minRows={2}
        value={text}
        error={missing && !text.trim() ? t.fieldMissing : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label={t.taskText}
        value={words}
        error={missing && !words.trim() ? t.fieldMissing : null}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <PersonField
        label={t.assignee}
        value={assignee}
        error={missing && !assignee ? t.fieldMissing : null}
        onChange={setAssignee}
      />
      <PersonField label={t.controller} value={controller} onChange={setController} />
      <TextInput
        label={t.dueOn}
        type="date"
        value={dueOn}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
