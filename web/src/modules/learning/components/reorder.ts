import { type KeyboardEvent, useState } from 'react';

/** The list with one entry moved by `step` places; the same list at the ends. */
export function moved<Entry>(
  list: readonly Entry[],
  index: number,
  step: -1 | 1,
): readonly Entry[] {
  const target = index + step;
  const entry = list[index];
  if (entry === undefined || target < 0 || target >= list.length) return list;
  const rest = list.filter((_, at) => at !== index);
  return [...rest.slice(0, target), entry, ...rest.slice(target)];
}

/**
 * Moves entries by buttons and by Alt+↑ and Alt+↓. Focus stays on the entry, and what happened is
 * told to screen readers through `announcement`.
 */
export function useReorder<Entry>(
  list: readonly Entry[],
  say: (from: number, to: number) => string,
  onOrder: (next: readonly Entry[]) => void,
) {
  const [announcement, setAnnouncement] = useState('');

  function move(index: number, step: -1 | 1) {
    const next = moved(list, index, step);
    if (next === list) return;
    const focused = document.activeElement;
    onOrder(next);
    setAnnouncement(say(index + 1, index + step + 1));
    requestAnimationFrame(() => {
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    });
  }

  return {
    announcement,
    move,
    onKeyDown: (event: KeyboardEvent, index: number) => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      event.preventDefault();
      event.stopPropagation();
      move(index, event.key === 'ArrowUp' ? -1 : 1);
    },
  };
}
