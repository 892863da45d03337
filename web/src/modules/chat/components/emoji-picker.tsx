import { ActionIcon } from '@mantine/core';
import { SmilePlus } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

/** What is offered: enough for work, and it needs no list of thousands in the page. */
export const EMOJI = [
  '👍', '❤️', '🤝', '👏', '😄', '🎉', '🤔', '👀',
  '✅', '❌', '❗', '❓', '🔥', '🙏', '💪', '🌷',
  '👌', '😊', '😢', '😮', '📌', '⏳', '📄', '💯',
]; // biome-ignore format: eight in a row, as they are shown.

/** A button that opens a small table of emoji. */
export function EmojiPicker(props: {
  label: string;
  size?: number;
  onPick: (emoji: string) => void;
}) {
  const [opened, setOpened] = useState(false);
  const [above, setAbove] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLFieldSetElement>(null);

  useEffect(() => {
    if (!opened) return;
    table.current?.querySelector('button')?.focus();
    function outside(event: PointerEvent) {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpened(false);
    }
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [opened]);

  function close() {
    setOpened(false);
    root.current?.querySelector('button')?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!opened) return;
    const buttons = [...(table.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (step !== undefined && at >= 0) {
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and the table bubble here.
    <div ref={root} className="chat-emoji" onKeyDown={onKeyDown}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={props.size ?? 32}
        aria-label={props.label}
        aria-expanded={opened}
        onClick={(event) => {
          // Where there is more room.
          setAbove(event.currentTarget.getBoundingClientRect().top > window.innerHeight / 2);
          setOpened((before) => !before);
        }}
      >
        <SmilePlus size={18} aria-hidden />
      </ActionIcon>
      {opened && (
        <fieldset
          ref={table}
          className="chat-emoji-table"
          data-above={above}
          aria-label={props.label}
        >
          {EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              onClick={() => {
                close();
                props.onPick(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
