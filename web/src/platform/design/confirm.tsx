import { Button, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTexts } from '#platform/languages';
import { designTexts } from './texts';

/** A question before a step that is hard to take back. */
export type Question = {
  title: string;
  text: ReactNode;
  confirm: string;
  danger?: boolean;
  run: () => Promise<unknown> | undefined;
};

/**
 * Asks before acting: `ask(question)` opens the dialog, `dialog` is placed in the page. The dialog
 * stays open and busy until the action has ended.
 */
export function useConfirm() {
  const [question, setQuestion] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const t = useTexts(designTexts);

  async function confirm() {
    if (!question || busy) return;
    setBusy(true);
    try {
      await question.run();
    } finally {
      setBusy(false);
      setOpened(false);
    }
  }

  const dialog = (
    <Modal
      opened={opened}
      onClose={() => !busy && setOpened(false)}
      title={question?.title}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Text component="div">{question?.text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => setOpened(false)} disabled={busy}>
          {t.cancel}
        </Button>
        <Button
          color={question?.danger ? 'red' : undefined}
          onClick={confirm}
          loading={busy}
          data-autofocus
        >
          {question?.confirm}
        </Button>
      </Group>
    </Modal>
  );

  return {
    dialog,
    ask(next: Question) {
      setQuestion(next);
      setOpened(true);
    },
  };
}
