import {
  ActionIcon,
  Button,
  Checkbox,
  FileButton,
  Group,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { uploadFile, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import type { CampaignInput } from '../documents';
import { mailingsTexts } from '../texts';

type Block = CampaignInput['blocks'][number];

/** The blocks of a letter: written, moved by buttons, removed. */
export default function BlockEditor(props: {
  blocks: readonly Block[];
  fields: readonly { name: string }[];
  onChange: (blocks: Block[]) => void;
}) {
  const t = useTexts(mailingsTexts);
  const [kind, setKind] = useState<Block['kind']>('PARAGRAPH');
  const { blocks } = props;
  const replace = (at: number, part: Partial<Block>) =>
    props.onChange(blocks.map((block, index) => (index === at ? { ...block, ...part } : block)));
  function move(at: number, to: number) {
    const next = [...blocks];
    const [block] = next.splice(at, 1);
    if (block) next.splice(to, 0, block);
    props.onChange(next);
  }
  return (
    <Stack gap="md">
      {blocks.map((block, at) => {
        const name = `${t.blocks[block.kind]} ${at + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place
          <fieldset key={at} style={{ border: 0, padding: 0, margin: 0 }}>
            <Group justify="space-between" mb={4}>
              <Text component="legend" size="sm" fw={600}>
                {name}
              </Text>
              <Group gap={4}>
                <ActionIcon
                  variant="subtle"
                  aria-label={t.up(name)}
                  disabled={at === 0}
                  onClick={() => move(at, at - 1)}
                >
                  <ArrowUp size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={t.down(name)}
                  disabled={at === blocks.length - 1}
                  onClick={() => move(at, at + 1)}
                >
                  <ArrowDown size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={t.remove(name)}
                  onClick={() => props.onChange(blocks.filter((_, index) => index !== at))}
                >
                  <X size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </Group>
            <BlockFields
              block={block}
              name={name}
              fields={props.fields}
              onChange={(part) => replace(at, part)}
            />
          </fieldset>
        );
      })}
      <Group gap="sm" align="end">
        <NativeSelect
          aria-label={t.addBlock}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Block['kind'])}
          data={Object.entries(t.blocks).map(([value, label]) => ({ value, label }))}
        />
        <Button variant="default" onClick={() => props.onChange([...blocks, { kind }])}>
          {t.addBlock}
        </Button>
      </Group>
    </Stack>
  );
}

function BlockFields(props: {
  block: Block;
  name: string;
  fields: readonly { name: string }[];
  onChange: (part: Partial<Block>) => void;
}) {
  const t = useTexts(mailingsTexts);
  const { block, name, onChange } = props;
  switch (block.kind) {
    case 'HEADING':
      return (
        <TextInput
          aria-label={name}
          value={block.text ?? ''}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      );
    case 'PARAGRAPH':
      return (
        <Stack gap={6}>
          <Textarea
            aria-label={name}
            autosize
            minRows={3}
            description={t.markupHelp}
            value={block.text ?? ''}
            onChange={(event) => onChange({ text: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={`${t.fieldMenu}: ${name}`}
            value=""
            onChange={(event) =>
              onChange({ text: `${block.text ?? ''}{{${event.currentTarget.value}}}` })
            }
            data={[
              { value: '', label: t.fieldMenu },
              ...props.fields.map((field) => ({
                value: field.name,
                label: field.name.replace('_', ' '),
              })),
            ]}
          />
        </Stack>
      );
    case 'LIST':
      return (
        <Stack gap={6}>
          <Textarea
            aria-label={name}
            autosize
            minRows={3}
            description={t.itemsHelp}
            value={(block.items ?? []).join('\n')}
            onChange={(event) => onChange({ items: event.currentTarget.value.split('\n') })}
          />
          <Checkbox
            label={t.numbered}
            checked={block.numbered ?? false}
            onChange={(event) => onChange({ numbered: event.currentTarget.checked })}
          />
        </Stack>
      );
    case 'BUTTON':
      return (
        <Group gap="sm" grow>
          <TextInput
            label={t.label}
            value={block.label ?? ''}
            onChange={(event) => onChange({ label: event.currentTarget.value })}
          />
          <TextInput
            label={t.url}
            type="url"
            placeholder="https://"
            value={block.url ?? ''}
            onChange={(event) => onChange({ url: event.currentTarget.value })}
          />
        </Group>
      );
    case 'IMAGE':
      return <ImageFields block={block} onChange={onChange} />;
    default:
      return <hr />;
  }
}

function ImageFields(props: { block: Block; onChange: (part: Partial<Block>) => void }) {
  const t = useTexts(mailingsTexts);
  const failureText = useFailureText();
  const { tenant } = useTenancy();
  const [busy, setBusy] = useState(false);
  const [name, setName] = useState<string | null>(null);

  async function take(file: File | null) {
    if (!file) return;
    setBusy(true);
    const outcome = await uploadFile(tenant.slug, file, () => {});
    setBusy(false);
    if ('failure' in outcome) {
      toast.bad(failureText(outcome.failure));
      return;
    }
    setName(outcome.file.name);
    props.onChange({ file: outcome.file.id });
  }

  return (
    <Stack gap={6}>
      <Group gap="sm">
        <FileButton accept="image/png,image/jpeg,image/gif" onChange={(file) => void take(file)}>
          {(button) => (
            <Button {...button} variant="default" loading={busy}>
              {t.chooseImage}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {name ?? (props.block.file ? '✓' : t.imageHelp)}
        </Text>
      </Group>
      <TextInput
        label={t.alt}
        value={props.block.alt ?? ''}
        onChange={(event) => props.onChange({ alt: event.currentTarget.value })}
      />
    </Stack>
  );
}
