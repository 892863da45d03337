import { Button, Group, Progress, Text } from '@mantine/core';
import { Paperclip } from 'lucide-react';
import { useRef, useState } from 'react';
import { failureText, type Uploaded, uploadFile } from '#platform/client';
import { toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { documentsTexts } from '../texts';

/** Uploads one file and hands it over. */
export function FileField(props: {
  value: Uploaded | null;
  error?: string | null;
  onChange: (file: Uploaded | null) => void;
}) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);

  async function send(file: File | undefined) {
    if (!file) return;
    setShare(0);
    const outcome = await uploadFile(tenant.slug, file, setShare);
    setShare(null);
    if ('failure' in outcome) toast.bad(failureText(outcome.failure));
    else props.onChange(outcome.file);
  }

  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t.file}
      </Text>
      <Group gap="sm" wrap="nowrap">
        <Button
          variant="default"
          size="xs"
          loading={share !== null}
          leftSection={<Paperclip size={15} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t.chooseFile}
        </Button>
        {props.value && (
          <Text size="sm" className="truncate" style={{ minWidth: 0 }}>
            {props.value.name}, {format.bytes(props.value.sizeBytes)}
          </Text>
        )}
      </Group>
      {share !== null && <Progress value={share * 100} mt={8} aria-label={t.uploading} />}
      {props.error && (
        <Text size="sm" c="red" mt={4} role="alert">
          {props.error}
        </Text>
      )}
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t.file}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          void send(file).finally(() => {
            if (input.current) input.current.value = '';
          });
        }}
      />
    </div>
  );
}
