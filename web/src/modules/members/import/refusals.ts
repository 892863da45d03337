import type { Catalogue } from '#platform/languages';

const ru: Record<string, string> = {
  import_state: 'Эта загрузка уже в другом состоянии. Обновите страницу.',
  mapping_field_twice: 'Одно и то же поле выбрано для двух столбцов.',
  mapping_name_twice: 'Выберите либо ФИО целиком, либо фамилию и имя отдельно.',
  mapping_name_missing: 'Укажите столбец с полным именем или столбцы с фамилией и именем.',
  mapping_birth_date_missing: 'Укажите столбец с датой рождения.',
  mapping_unit_missing: 'Укажите столбец с первичной организацией.',
};

const en: typeof ru = {
  import_state: 'This import is in another state by now. Reload the page.',
  mapping_field_twice: 'The same field is chosen for two columns.',
  mapping_name_twice: 'Choose either the full name or surname and given name.',
  mapping_name_missing:
    'Choose the column with the full name, or those with surname and given name.',
  mapping_birth_date_missing: 'Choose the column with the birth date.',
  mapping_unit_missing: 'Choose the column with the primary organization.',
};

/** Why an import was not taken as it is; loaded when that happens. */
export const refusals: Catalogue<typeof ru> = { ru, en };
