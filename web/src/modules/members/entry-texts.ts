import type { Catalogue } from '#platform/languages';

const ru = {
  portal: 'Мой кабинет',
  register: 'Реестр',
  importAction: 'Загрузить реестр',
  addMember: 'Добавить человека',
  corrections: 'Исправления',
  transfers: 'Переводы',
};

const en: typeof ru = {
  portal: 'My page',
  register: 'Register',
  importAction: 'Import the register',
  addMember: 'Add a person',
  corrections: 'Corrections',
  transfers: 'Transfers',
};

/** The few words of the register that every page carries: the rest is loaded with the pages. */
export const membersEntryTexts: Catalogue<typeof ru> = { ru, en };
