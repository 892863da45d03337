import type { Catalogue } from '#platform/languages';

const ru = {
  dues: 'Взносы',
  charge: 'Начислить взносы',
  bank: 'Загрузить банковский реестр',
};

const en: typeof ru = {
  dues: 'Dues',
  charge: 'Charge dues',
  bank: "Import a bank's list",
};

/** The few words of dues that every page carries: the rest is loaded with the pages. */
export const duesEntryTexts: Catalogue<typeof ru> = { ru, en };
