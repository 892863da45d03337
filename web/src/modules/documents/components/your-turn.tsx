import { Button, Group, Text } from '@mantine/core';
import { Check, PenLine, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Note, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { DecideStep, type FullDocument, ReturnForRework } from '../documents';
import { documentsTexts } from '../texts';
import { SignDialog } from './sign-dialog';
import { TextDialog } from './text-dialog';
import { useAct } from './use-act';

/** What the document asks of the viewer now. */
export function YourTurn(props: { document: FullDocument; onDone: () => void }) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [asking, setAsking] = useState<'sign' | 'return' | null>(null);
  const step = props.document.route.find((one) => one.isViewers);
  if (!step) return null;

  async function decide() {
    if (!step || !(await act(DecideStep, { step: step.id, comment: '' }))) return;
    toast.good(t.decided);
    props.onDone();
  }

  return (
    <Note tone="brand" title={t.yourTurn}>
      {step.viewerActsFor && <Text size="sm">{t.youActFor(step.viewerActsFor.name)}</Text>}
      <Group gap="sm" mt="sm">
        {step.act === 'SIGN' ? (
          <Button leftSection={<PenLine size={17} aria-hidden />} onClick={() => setAsking('sign')}>
            {t.sign}
          </Button>
        ) : (
          <Button
            leftSection={<Check size={17} aria-hidden />}
            loading={busy}
            onClick={() => void decide()}
          >
            {step.act === 'APPROVE' ? t.approve : t.acknowledge}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<Undo2 size={17} aria-hidden />}
          onClick={() => setAsking('return')}
        >
          {t.sendBack}
        </Button>
      </Group>
      {asking === 'sign' && (
        <SignDialog
          document={props.document}
          step={step.id}
          onClose={() => setAsking(null)}
          onDone={props.onDone}
        />
      )}
      <TextDialog
        opened={asking === 'return'}
        title={t.sendBackTitle}
        label={t.sendBackComment}
        submit={t.sendBack}
        busy={busy}
        onClose={() => setAsking(null)}
        onSubmit={async (comment) => {
          if (!(await act(ReturnForRework, { step: step.id, comment }))) return false;
          toast.good(t.sentBack);
          props.onDone();
          return true;
        }}
      />
    </Note>
  );
}
