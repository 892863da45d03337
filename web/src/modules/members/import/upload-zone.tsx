import { Button, Progress, Text } from '@mantine/core';
import { FileSpreadsheet, Upload } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useClient } from 'urql';
import { readFailure, uploadFile, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { PrepareImport } from './documents';
import { importTexts } from './texts';

type Stage =
  | { step: 'idle' }
  | { step: 'sending'; name: string; share: number }
  | { step: 'reading' };

/** Takes a file, sends it and has it checked. */
export function UploadZone(props: { onPrepared: (id: string) => void }) {
  const t = useTexts(importTexts);
  const failureText = useFailureText();
  const client = useClient();
  const { tenant } = useTenancy();
  const input = useRef<HTMLInputElement>(null);
  const [stage, setStage] = useState<Stage>({ step: 'idle' });
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(file: File | undefined) {
    if (!file || stage.step !== 'idle') return;
    setProblem(null);
    if (/\.(docx?|pdf|jpe?g|png|pptx?|txt|rtf)$/i.test(file.name)) {
      setProblem(t.wrongKind);
      return;
    }
    setStage({ step: 'sending', name: file.name, share: 0 });
    const uploaded = await uploadFile(tenant.slug, file, (share) =>
      setStage({ step: 'sending', name: file.name, share }),
    );
    if ('failure' in uploaded) {
      setStage({ step: 'idle' });
      setProblem(failureText(uploaded.failure));
      return;
    }
    setStage({ step: 'reading' });
    const answer = await client
      .mutation(
        PrepareImport,
        { file: uploaded.file.id },
        { additionalTypenames: ['MemberImport'] },
      )
      .toPromise();
    setStage({ step: 'idle' });
    if (answer.data) props.onPrepared(answer.data.prepareMemberImport.id);
    else if (answer.error) {
      const failure = readFailure(answer.error);
      setProblem((failure.reason && t.unreadable[failure.reason]) || failureText(failure));
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  }

  return (
    <div>
      {problem && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="bad">{problem}</Note>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button serves keyboards. */}
      <div
        className="drop-zone"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {stage.step === 'idle' && (
          <>
            <Upload size={34} strokeWidth={1.5} aria-hidden />
            <Text fw={600}>{t.dropTitle}</Text>
            <Text c="dimmed" size="sm" mb="sm">
              {t.dropHint}
            </Text>
            <Button onClick={() => input.current?.click()}>{t.choose}</Button>
          </>
        )}
        {stage.step === 'sending' && (
          <>
            <FileSpreadsheet size={34} strokeWidth={1.5} aria-hidden />
            <Text fw={600}>{t.uploading(stage.name)}</Text>
            <Progress.Root w="min(360px, 90%)" size="lg">
              <Progress.Section value={stage.share * 100} aria-label={t.uploading(stage.name)} />
            </Progress.Root>
          </>
        )}
        {stage.step === 'reading' && (
          <>
            <FileSpreadsheet size={34} strokeWidth={1.5} aria-hidden />
            <Text fw={600} role="status">
              {t.reading}
            </Text>
            <Progress.Root w="min(360px, 90%)" size="lg">
              <Progress.Section value={100} animated aria-label={t.reading} />
            </Progress.Root>
          </>
        )}
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t.file}
          accept=".xlsx,.xlsm,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
    </div>
  );
}
