/** The order of the list that was seen last: what "next" and "previous" mean on a document's page. */
let order: readonly string[] = [];

/** Remembers the list. */
export function rememberOrder(ids: readonly string[]): void {
  order = ids;
}

/** The documents before and after this one in that list. */
export function neighbours(id: string): { previous: string | null; next: string | null } {
  const at = order.indexOf(id);
  if (at < 0) return { previous: null, next: null };
  return { previous: order[at - 1] ?? null, next: order[at + 1] ?? null };
}

/** Whether a key press belongs to a field or a dialog. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  if (document.querySelector('[role="dialog"]')) return true;
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

/** The step of a key: J (О on a Russian keyboard) is next, K (Л) is previous. */
export function keyStep(key: string): -1 | 0 | 1 {
  const letter = key.toLowerCase();
  if (letter === 'j' || letter === 'о') return 1;
  if (letter === 'k' || letter === 'л') return -1;
  return 0;
}
