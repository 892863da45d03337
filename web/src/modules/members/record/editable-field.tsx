import { ActionIcon, Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTexts } from '#platform/languages';
import { recordTexts } from './texts';

/** One fact of a record: shown, and changed in its place. Enter saves, Escape leaves it as it was. */
export function EditableField(props: {
  label: string;
  shown: ReactNode;
  value: string;
  kind?: 'text' | 'tel' | 'email' | 'date';
  options?: { value: string; label: string }[];
  editable: boolean;
  /** Saves; answers with what is wrong, or null. */
  onSave: (value: string) => Promise<string | null>;
}) {
  const t = useTexts(recordTexts);
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);

  function close() {
    setDraft(null);
    setWrong(null);
    // The button comes back with the next drawing.
    requestAnimationFrame(() => pencil.current?.focus());
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    if (draft === null || busy) return;
    if (draft === props.value) return close();
    setBusy(true);
    const problem = await props.onSave(draft);
    setBusy(false);
    if (problem) setWrong(problem);
    else close();
  }

  if (draft === null) {
    return (
      <Group gap={6} wrap="nowrap" align="center">
        <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          {props.shown || <span style={{ opacity: 0.75 }}>{t.notGiven}</span>}
        </span>
        {props.editable && (
          <ActionIcon
            ref={pencil}
            variant="subtle"
            color="gray"
            c="dimmed"
            size={28}
            aria-label={t.edit(props.label)}
            onClick={() => setDraft(props.value)}
          >
            <Pencil size={15} aria-hidden />
          </ActionIcon>
        )}
      </Group>
    );
  }
  return (
    <form
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <Group gap="xs" align="flex-start">
        {props.options ? (
          <NativeSelect
            aria-label={props.label}
            autoFocus
            value={draft}
            error={wrong}
            data={props.options}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            aria-label={props.label}
            autoFocus
            type={props.kind ?? 'text'}
            value={draft}
            error={wrong}
            style={{ flex: '1 1 180px' }}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
        )}
        <Button type="submit" size="sm" loading={busy}>
          {t.save}
        </Button>
        <Button size="sm" variant="default" onClick={close} disabled={busy}>
          {t.cancel}
        </Button>
      </Group>
    </form>
  );
}
