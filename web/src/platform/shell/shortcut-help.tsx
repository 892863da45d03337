import { Kbd, Modal } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { shellTexts } from './texts';

/** The list of keyboard shortcuts, opened by "?". */
export default function ShortcutHelp(props: { onClose: () => void }) {
  const t = useTexts(shellTexts);
  const shortcuts = [
    ['Ctrl + K', t.shortcutPalette],
    ['?', t.shortcutHelp],
    ['Esc', t.shortcutClose],
    ['M', t.shortcutMic],
    ['V', t.shortcutCamera],
  ] as const;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.shortcuts}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <dl className="facts">
        {shortcuts.map(([keys, meaning]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <Kbd>{keys}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
