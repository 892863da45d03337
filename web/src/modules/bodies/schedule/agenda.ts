import type { Uploaded } from '#platform/client';

/** An agenda item being written. `key` tells items apart while they move. */
export type DraftItem = {
  key: number;
  title: string;
  speaker: string;
  draftDecision: string;
  materials: Uploaded[];
};

/** An empty item. */
export function newItem(key: number): DraftItem {
  return { key, title: '', speaker: '', draftDecision: '', materials: [] };
}

/** The agenda with one item moved by `step` places; unchanged at the ends. */
export function moved(items: readonly DraftItem[], index: number, step: -1 | 1): DraftItem[] {
  const target = index + step;
  const item = items[index];
  if (item === undefined || target < 0 || target >= items.length) return [...items];
  const rest = items.filter((_, at) => at !== index);
  return [...rest.slice(0, target), item, ...rest.slice(target)];
}

/** What goes to the server: trimmed, empty texts as null, wholly empty items left out. */
export function agendaInput(items: readonly DraftItem[]) {
  return items
    .filter((item) => !isBlank(item))
    .map((item) => ({
      title: item.title.trim(),
      speaker: item.speaker.trim() || null,
      draftDecision: item.draftDecision.trim() || null,
      materials: item.materials.map((file) => file.id),
    }));
}

/** True for an item in which nothing was written or attached. */
export function isBlank(item: DraftItem): boolean {
  return (
    !item.title.trim() &&
    !item.speaker.trim() &&
    !item.draftDecision.trim() &&
    item.materials.length === 0
  );
}
