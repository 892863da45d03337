/** The options that hold every typed word, in their given order; ё counts as е. */
export function matching<Option extends { label: string }>(
  options: readonly Option[],
  query: string,
): Option[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return options.filter((option) => words.every((word) => plain(option.label).includes(word)));
}

function plain(text: string): string {
  return text.toLocaleLowerCase('ru').replaceAll('ё', 'е');
}
