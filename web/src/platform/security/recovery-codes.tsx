import { Button, Group, Modal, Text } from '@mantine/core';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { securityTexts } from './texts';

/** Recovery codes, this once: closing asks for nothing, for they can be made anew. */
export function RecoveryCodes(props: { codes: readonly string[]; onClose: () => void }) {
  const t = useTexts(securityTexts);
  const text = props.codes.join('\n');

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      toast.good(t.codesCopied);
    } catch {
      toast.bad(t.codesNotCopied);
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      closeOnClickOutside={false}
      title={t.codesTitle}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Text>{t.codesText}</Text>
      <ul className="recovery-codes" aria-label={t.codes}>
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => void copy()}>
          {t.copy}
        </Button>
        <Button
          component="a"
          variant="default"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="plenum-recovery-codes.txt"
        >
          {t.saveFile}
        </Button>
        <Button onClick={props.onClose} data-autofocus>
          {t.codesKept}
        </Button>
      </Group>
    </Modal>
  );
}
