import type { Catalogue } from '#platform/languages';

const ru = { moduleOff: 'Этот раздел выключен администратором вашей организации.' };
const en: typeof ru = {
  moduleOff: 'The administrator of your organization switched this section off.',
};

/** What is told when the page that is open is switched off. */
export const brandTexts: Catalogue<typeof ru> = { ru, en };
