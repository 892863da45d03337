/** What is grouped by the section of its name: `members.view` belongs to `members`. */
export function bySection<Item>(
  items: readonly Item[],
  name: (item: Item) => string,
): [string, Item[]][] {
  const sections = new Map<string, Item[]>();
  for (const item of items) {
    const [section = ''] = name(item).split('.');
    sections.set(section, [...(sections.get(section) ?? []), item]);
  }
  return [...sections];
}
