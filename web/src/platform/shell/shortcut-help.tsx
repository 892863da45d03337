import { Kbd, Modal } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { paletteTexts } from './palette-texts';
import { shellTexts } from './texts';

/** The list of keyboard shortcuts, opened by "?". */
export default function ShortcutHelp(props: { onClose: () => void }) {
  const t = useTexts(paletteTexts);
  const { close } = useTexts(shellTexts);
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
      closeButtonProps={{ 'aria-label': close }}
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
