import { Modal, Text, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTexts } from '#platform/languages';
import type { Command, NavItem } from './module-entry';
import { matching } from './palette-match';
import { paletteTexts } from './palette-texts';
import { shellTexts } from './texts';

/** Ctrl+K: go anywhere or start anything by typing a few letters. */
export default function Palette(props: {
  places: NavItem[];
  commands: Command[];
  onClose: () => void;
  onChoose: (command: Command) => void;
}) {
  const t = useTexts(paletteTexts);
  const { search } = useTexts(shellTexts);
  const listId = useId();
  const [query, setQuery] = useState('');
  const [position, setPosition] = useState(0);
  const options = matching([...props.places, ...props.commands], query);
  const chosen = options[Math.min(position, options.length - 1)];

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setPosition((at) => (at + step + options.length) % Math.max(1, options.length));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      props.onChoose(chosen);
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      withCloseButton={false}
      centered={false}
      padding="sm"
      aria-label={search}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        placeholder={t.searchPlaceholder}
        aria-label={search}
        leftSection={<Search size={18} aria-hidden />}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={chosen && `${listId}-${chosen.id}`}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setPosition(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={listId} aria-label={search} style={{ marginTop: 8 }}>
        {options.map((option) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field; the field names the active option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the field.
          <div
            key={option.id}
            id={`${listId}-${option.id}`}
            role="option"
            aria-selected={option === chosen}
            className="palette-option"
            onClick={() => props.onChoose(option)}
          >
            <option.icon size={18} aria-hidden />
            {option.label}
          </div>
        ))}
      </div>
      {options.length === 0 && (
        <Text c="dimmed" ta="center" py="md">
          {t.nothingFound}
        </Text>
      )}
    </Modal>
  );
}
