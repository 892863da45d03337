import { NativeSelect } from '@mantine/core';
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
import { cardInput, EMPTY_CARD } from './card-draft';
import { CardFields } from './card-fields';
import { FileField } from './file-field';
import { useAct } from './use-act';

type Kind = DocumentRow['kind'];

/** Makes a document: card, file, and if wanted its number at once. */
export default function CreateDialog(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [kind, setKind] = useState<Kind>('INCOMING');
  const [card, setCard] = useState(EMPTY_CARD);
  const [file, setFile] = useState<Uploaded | null>(null);
  const [journal, setJournal] = useState('');
  const [missing, setMissing] = useState(false);
  const [{ data }] = useQuery({ query: JournalsQuery, pause: !props.opened });
  const journals = data?.journals.filter((one) => one.kind === kind) ?? [];
  const outside = kind === 'INCOMING' || kind === 'OUTGOING';

  async function submit() {
    if (!card.title.trim()) {
      setMissing(true);
      return;
    }
    const { correspondent, theirNumber, theirDate, ...inside } = cardInput(card);
    const made = await act(CreateDocument, {
      kind,
      input: outside ? { ...inside, correspondent, theirNumber, theirDate } : inside,
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
      <CardFields draft={card} outside={outside} missing={missing} onChange={setCard} />
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
