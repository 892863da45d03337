import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { ArrowDown, ArrowUp, Paperclip, Trash2, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { failureText, uploadFile } from '#platform/client';
import { toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { type DraftItem, isBlank } from './agenda';
import './schedule.css';
import { scheduleTexts } from './texts';

/** One item of the agenda editor. */
export function AgendaItemFields(props: {
  item: DraftItem;
  number: number;
  last: boolean;
  removable: boolean;
  showErrors: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
  onChange: (update: (item: DraftItem) => DraftItem) => void;
}) {
  const t = useTexts(scheduleTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const input = useRef<HTMLInputElement>(null);
  const [uploading, setUploading] = useState<string | null>(null);
  const { item, number } = props;
  const set = (change: Partial<DraftItem>) =>
    props.onChange((before) => ({ ...before, ...change }));

  async function attach(files: FileList | null) {
    for (const file of files ?? []) {
      setUploading(file.name);
      const outcome = await uploadFile(tenant.slug, file, () => {});
      if ('failure' in outcome) toast.bad(failureText(outcome.failure));
      else {
        props.onChange((before) => ({
          ...before,
          materials: [...before.materials, outcome.file],
        }));
      }
    }
    setUploading(null);
  }

  return (
    <fieldset className="agenda-item" onKeyDown={props.onKeyDown}>
      <legend className="visually-hidden">{t.item(number)}</legend>
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text fw={600} aria-hidden>
          {t.item(number)}
        </Text>
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={34}
            aria-label={t.moveUp(number)}
            disabled={number === 1}
            onClick={() => props.onMove(-1)}
          >
            <ArrowUp size={17} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={34}
            aria-label={t.moveDown(number)}
            disabled={props.last}
            onClick={() => props.onMove(1)}
          >
            <ArrowDown size={17} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={34}
            aria-label={t.remove(number)}
            disabled={!props.removable}
            onClick={props.onRemove}
          >
            <Trash2 size={17} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Stack gap="sm">
        <TextInput
          id={`agenda-title-${item.key}`}
          label={t.itemTitle}
          placeholder={t.itemTitlePlaceholder}
          value={item.title}
          error={
            props.showErrors && !item.title.trim() && (!isBlank(item) || number === 1)
              ? t.fieldMissing
              : undefined
          }
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <TextInput
          label={t.speaker}
          placeholder={t.speakerHint}
          value={item.speaker}
          onChange={(event) => set({ speaker: event.currentTarget.value })}
        />
        <Textarea
          label={t.draftDecision}
          placeholder={t.speakerHint}
          autosize
          minRows={2}
          value={item.draftDecision}
          onChange={(event) => set({ draftDecision: event.currentTarget.value })}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t.materials}
          </Text>
          {item.materials.map((file) => (
            <Group key={file.id} gap={6} mb={4} wrap="nowrap">
              <Paperclip size={15} aria-hidden />
              <Text size="sm" className="truncate">
                {file.name}
              </Text>
              <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                {format.bytes(file.sizeBytes)}
              </Text>
              <ActionIcon
                variant="subtle"
                color="gray"
                c="inherit"
                size={28}
                aria-label={t.detach(file.name)}
                onClick={() =>
                  set({ materials: item.materials.filter((other) => other.id !== file.id) })
                }
              >
                <X size={15} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {uploading ? (
            <Text size="sm" c="dimmed" role="status">
              {t.attaching(uploading)}
            </Text>
          ) : (
            <Button
              variant="default"
              size="xs"
              leftSection={<Paperclip size={15} aria-hidden />}
              onClick={() => input.current?.click()}
            >
              {t.attach}
            </Button>
          )}
          <input
            ref={input}
            type="file"
            multiple
            className="visually-hidden"
            tabIndex={-1}
            aria-label={`${t.materials}: ${t.item(number)}`}
            onChange={(event) => {
              // The list empties with the field: take it before.
              const files = event.currentTarget.files;
              void attach(files).finally(() => {
                if (input.current) input.current.value = '';
              });
            }}
          />
        </div>
      </Stack>
    </fieldset>
  );
}
