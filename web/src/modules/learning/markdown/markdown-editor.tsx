import { ActionIcon, Group, SegmentedControl, Text } from '@mantine/core';
import { Bold, Heading2, Italic, Link2, List, ListOrdered, Quote } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTexts } from '#platform/languages';
import { linked, prefixed, type Selection, wrapped } from './edit';
import { Markdown } from './markdown';
import { markdownTexts } from './texts';

/** A text of a lesson being written: tool bar, keys, preview. */
export function MarkdownEditor(props: {
  label: string;
  value: string;
  error?: string | null;
  maxLength: number;
  rows?: number;
  onChange: (text: string) => void;
}) {
  const t = useTexts(markdownTexts);
  const area = useRef<HTMLTextAreaElement>(null);
  const [mode, setMode] = useState<'write' | 'preview'>('write');
  const id = useId();

  function apply(change: (now: Selection) => Selection) {
    const element = area.current;
    if (!element) return;
    const next = change({
      text: element.value,
      from: element.selectionStart,
      to: element.selectionEnd,
    });
    props.onChange(next.text);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(next.from, next.to);
    });
  }

  const tools = [
    { label: t.heading, icon: Heading2, run: (now: Selection) => prefixed(now, () => '## ') },
    { label: t.bold, icon: Bold, run: (now: Selection) => wrapped(now, '**', t.word) },
    { label: t.italic, icon: Italic, run: (now: Selection) => wrapped(now, '*', t.word) },
    { label: t.list, icon: List, run: (now: Selection) => prefixed(now, () => '- ') },
    {
      label: t.numbered,
      icon: ListOrdered,
      run: (now: Selection) => prefixed(now, (line) => `${line + 1}. `),
    },
    { label: t.quote, icon: Quote, run: (now: Selection) => prefixed(now, () => '> ') },
    { label: t.link, icon: Link2, run: (now: Selection) => linked(now, t.word) },
  ];

  function onKeyDown(event: KeyboardEvent) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.code === 'KeyB') apply((now) => wrapped(now, '**', t.word));
    else if (event.code === 'KeyI') apply((now) => wrapped(now, '*', t.word));
    else return;
    event.preventDefault();
  }

  return (
    <div>
      <Group justify="space-between" mb={6} gap="xs">
        <Text component="label" htmlFor={id} size="sm" fw={500}>
          {props.label}
        </Text>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => setMode(value === 'preview' ? 'preview' : 'write')}
          data={[
            { value: 'write', label: t.write },
            { value: 'preview', label: t.preview },
          ]}
        />
      </Group>
      <div className="markdown-editor" data-error={Boolean(props.error)}>
        {mode === 'write' ? (
          <>
            <div className="markdown-tools" role="toolbar" aria-label={t.tools}>
              {tools.map((tool) => (
                <ActionIcon
                  key={tool.label}
                  variant="subtle"
                  color="gray"
                  c="inherit"
                  size={34}
                  aria-label={tool.label}
                  title={tool.label}
                  onClick={() => apply(tool.run)}
                >
                  <tool.icon size={17} aria-hidden />
                </ActionIcon>
              ))}
            </div>
            <textarea
              ref={area}
              id={id}
              className="markdown-area"
              rows={props.rows ?? 14}
              maxLength={props.maxLength}
              value={props.value}
              placeholder={t.placeholder}
              aria-invalid={Boolean(props.error)}
              aria-describedby={props.error ? `${id}-error` : `${id}-hint`}
              onKeyDown={onKeyDown}
              onChange={(event) => props.onChange(event.currentTarget.value)}
            />
          </>
        ) : (
          <div className="markdown-preview">
            {props.value.trim() ? (
              <Markdown source={props.value} />
            ) : (
              <Text c="dimmed">{t.nothing}</Text>
            )}
          </div>
        )}
      </div>
      {props.error ? (
        <Text size="sm" c="var(--mantine-color-error)" id={`${id}-error`} mt={4}>
          {props.error}
        </Text>
      ) : (
        <Text size="xs" c="dimmed" id={`${id}-hint`} mt={4}>
          {t.hint}
        </Text>
      )}
    </div>
  );
}
