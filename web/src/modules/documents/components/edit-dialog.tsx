import { Button, Group, List, Text } from '@mantine/core';
import { useState } from 'react';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import { EditDocument, type FullDocument } from '../documents';
import { documentsTexts } from '../texts';
import {
  type CardDraft,
  type CardField,
  cardInput,
  differing,
  draftOf,
  merged,
} from './card-draft';
import { CardFields } from './card-fields';
import { useAct } from './use-act';

/**
 * Rewrites the card. The page follows what happens, so that somebody else's change is seen while the form is open: it is
 * shown, and the person decides what becomes of it before saving.
 */
export default function EditDialog(props: {
  document: FullDocument;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(documentsTexts);
  const { document } = props;
  const { busy, act } = useAct();
  const [read, setRead] = useState({ revision: document.revision, card: draftOf(document) });
  const [draft, setDraft] = useState(read.card);
  const [missing, setMissing] = useState(false);
  const theirs = draftOf(document);
  const stale = document.revision !== read.revision;

  function take(kept: 'mine' | 'theirs') {
    setDraft(merged(read.card, draft, theirs, kept));
    setRead({ revision: document.revision, card: theirs });
  }

  async function submit() {
    if (!draft.title.trim()) {
      setMissing(true);
      return;
    }
    const answer = await act(EditDocument, {
      document: document.id,
      revision: read.revision,
      input: cardInput(draft),
    });
    // Refused or not, the page reads what the card is by now.
    props.onDone();
    if (!answer) return;
    toast.good(t.cardSaved);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.editCardTitle}
      submit={t.saveCard}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {document.viewerCan.editRefused && (
        <Note tone="warn">{t.reasons[document.viewerCan.editRefused]}</Note>
      )}
      {stale && (
        <Changed
          fields={differing(read.card, theirs)}
          theirs={theirs}
          onTheirs={() => take('theirs')}
          onMine={() => take('mine')}
        />
      )}
      <CardFields
        key={read.revision}
        draft={draft}
        outside={document.kind === 'INCOMING' || document.kind === 'OUTGOING'}
        missing={missing}
        onChange={setDraft}
      />
    </FormDialog>
  );
}

function Changed(props: {
  fields: CardField[];
  theirs: CardDraft;
  onTheirs: () => void;
  onMine: () => void;
}) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const words = (field: CardField) => {
    if (field === 'executor') return props.theirs.executor?.name;
    const value = props.theirs[field];
    return value && (field === 'dueOn' || field === 'theirDate') ? format.day(value) : value;
  };
  return (
    <Note tone="warn" title={t.cardChanged}>
      <List size="sm">
        {props.fields.map((field) => (
          <List.Item key={field}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {t[field]}: {words(field) || t.emptyField}
            </Text>
          </List.Item>
        ))}
      </List>
      <Group gap="sm" mt="sm">
        <Button size="xs" variant="default" onClick={props.onTheirs}>
          {t.takeTheirs}
        </Button>
        <Button size="xs" variant="default" onClick={props.onMine}>
          {t.keepMine}
        </Button>
      </Group>
    </Note>
  );
}
