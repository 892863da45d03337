const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };
const numbers = { ru: new Intl.NumberFormat('ru'), en: new Intl.NumberFormat('en') };

/** Russian counts: `#` in the chosen form becomes the number (1 член, 2 члена, 5 членов). */
export function pluralRu(n: number, one: string, few: string, many: string): string {
  const category = rules.ru.select(n);
  // Fractions ("other" in Russian) take the form of "few": 1,5 члена.
  const form = category === 'one' ? one : category === 'many' ? many : few;
  return form.replace('#', numbers.ru.format(n));
}

/** English counts: `#` in the chosen form becomes the number. */
export function pluralEn(n: number, one: string, other: string): string {
  const form = rules.en.select(n) === 'one' ? one : other;
  return form.replace('#', numbers.en.format(n));
}
