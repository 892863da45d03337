import { Button, Text } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTexts } from '#platform/languages';
import { type DraftItem, moved, newItem } from './agenda';
import { AgendaItemFields } from './agenda-item-fields';
import { scheduleTexts } from './texts';

/** The agenda being written: add, reorder, remove, attach. */
export function AgendaEditor(props: {
  items: DraftItem[];
  showErrors: boolean;
  onChange: (update: (items: DraftItem[]) => DraftItem[]) => void;
}) {
  const t = useTexts(scheduleTexts);
  const nextKey = useRef(props.items.length + 1);
  const [announcement, setAnnouncement] = useState('');

  function add() {
    const key = nextKey.current;
    nextKey.current += 1;
    props.onChange((items) => [...items, newItem(key)]);
    requestAnimationFrame(() => document.getElementById(`agenda-title-${key}`)?.focus());
  }

  function move(index: number, step: -1 | 1) {
    const target = index + step;
    if (target < 0 || target >= props.items.length) return;
    // Focus stays in the moved item: React keeps the element, the browser does not keep focus.
    const focused = document.activeElement;
    props.onChange((items) => moved(items, index, step));
    setAnnouncement(t.moved(index + 1, target + 1));
    requestAnimationFrame(() => {
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    });
  }

  function onKeyDown(event: KeyboardEvent, index: number) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(index, event.key === 'ArrowUp' ? -1 : 1);
  }

  return (
    <div>
      <Text size="sm" c="dimmed" mb="sm">
        {t.agendaLead}
      </Text>
      <div role="status" className="visually-hidden">
        {announcement}
      </div>
      {props.items.map((item, index) => (
        <AgendaItemFields
          key={item.key}
          item={item}
          number={index + 1}
          last={index === props.items.length - 1}
          removable={props.items.length > 1}
          showErrors={props.showErrors}
          onKeyDown={(event) => onKeyDown(event, index)}
          onMove={(step) => move(index, step)}
          onRemove={() =>
            props.onChange((items) => items.filter((other) => other.key !== item.key))
          }
          onChange={(update) =>
            props.onChange((items) =>
              items.map((other) => (other.key === item.key ? update(other) : other)),
            )
          }
        />
      ))}
      <Button variant="light" leftSection={<Plus size={17} aria-hidden />} onClick={add}>
        {t.addItem}
      </Button>
    </div>
  );
}
