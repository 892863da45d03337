import { Button, Progress, Text } from '@mantine/core';
import { Paperclip, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { failureText, uploadFile } from '#platform/client';
import { toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { authoringTexts } from './texts';

/** A file of a lesson. */
export type LessonUpload = { id: string; name: string; sizeBytes: number };

/** One file of a lesson: upload with progress, replace, remove. */
export function FileField(props: {
  label: string;
  hint: string;
  accept?: string;
  value: LessonUpload | null;
  /** Why a chosen file cannot be used; null when it can. */
  refuse?: (file: File) => string | null;
  onChange: (file: LessonUpload, chosen: File) => void;
}) {
  const t = useTexts(authoringTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<{ name: string; share: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(file: File | undefined) {
    if (!file) return;
    const refused = props.refuse?.(file) ?? null;
    setProblem(refused);
    if (refused) return;
    setSending({ name: file.name, share: 0 });
    const outcome = await uploadFile(tenant.slug, file, (share) =>
      setSending({ name: file.name, share }),
    );
    setSending(null);
    if ('failure' in outcome) toast.bad(failureText(outcome.failure));
    else props.onChange(outcome.file, file);
  }

  return (
    <div>
      <Text size="sm" fw={500}>
        {props.label}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {props.hint}
      </Text>
      {sending ? (
        <div className="file-line">
          <Text size="sm" role="status" style={{ flex: '1 1 100%' }}>
            {t.uploading(sending.name, format.percent(sending.share, 1))}
          </Text>
          <Progress.Root w="100%">
            <Progress.Section value={100 * sending.share} aria-label={sending.name} />
          </Progress.Root>
        </div>
      ) : props.value ? (
        <div className="file-line">
          <Paperclip size={17} aria-hidden />
          <Text size="sm" style={{ flex: '1 1 160px', overflowWrap: 'anywhere' }}>
            {props.value.name}{' '}
            <Text component="span" size="xs" c="dimmed">
              {format.bytes(props.value.sizeBytes)}
            </Text>
          </Text>
          <Button size="xs" variant="default" onClick={() => input.current?.click()}>
            {t.replace}
          </Button>
        </div>
      ) : (
        <Button
          variant="default"
          leftSection={<Upload size={16} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t.upload}
        </Button>
      )}
      {problem && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={4}>
          {problem}
        </Text>
      )}
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={props.label}
        accept={props.accept}
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
