import { type Catalogue, pluralEn, pluralRu } from '#platform/languages';

const ru = {
  title: 'Выгрузка',
  lead: 'Все данные организации одним архивом: таблицы, файлы и опись.',
  what: 'Что будет в архиве',
  whatTables:
    'Все записи организации: люди, органы и заседания, документы, взносы, беседы, обучение, рассылки, журнал действий. Каждая таблица — файл JSON Lines, зашифрованные поля раскрыты.',
  whatFiles: 'Все загруженные и созданные файлы, с описью и контрольными суммами SHA-256.',
  whatNot:
    'Не выгружаются пароли и вторые факторы людей, ключи шифрования и одноразовые ссылки. Что именно, сказано в README.txt внутри.',
  careTitle: 'В архиве персональные данные',
  care: 'Храните его под замком и не пересылайте открыто. Заказ и каждое скачивание записываются в журнал действий.',
  order: 'Заказать выгрузку',
  ordered: 'Выгрузка заказана. Страницу можно закрыть: работа идёт на сервере.',
  running: 'Готовится',
  waiting: 'Скоро начнётся',
  tables: (done: number, total: number) => `Таблицы: ${done} из ${total}`,
  filesOf: (done: number, total: number) => `Файлы: ${done} из ${total}`,
  progress: 'Ход выгрузки',
  cancel: 'Отменить',
  cancelOne: (when: string) => `Отменить выгрузку от ${when}`,
  cancelled: 'Выгрузка отменена.',
  ready: 'Готова',
  download: 'Скачать',
  downloadOne: (when: string) => `Скачать выгрузку от ${when}`,
  until: (day: string) => `Доступна до ${day}, затем файл удаляется`,
  history: 'Выгрузки',
  empty: 'Выгрузок ещё не было',
  emptyText:
    'Закажите первую: архив готовится от нескольких секунд до часа, смотря сколько файлов.',
  by: (name: string, when: string) => `${when}, ${name}`,
  rows: (n: number) => pluralRu(n, '# запись', '# записи', '# записей'),
  files: (n: number) => pluralRu(n, '# файл', '# файла', '# файлов'),
  states: {
    RUNNING: 'Готовится',
    READY: 'Готова',
    FAILED: 'Не удалась',
    CANCELLED: 'Отменена',
    EXPIRED: 'Удалена по сроку',
  },
  failed:
    'Архив не получилось собрать. Закажите ещё раз; если повторится, обратитесь к администратору системы.',
  statuses: {
    OK: '',
    RUNNING: 'Одна выгрузка уже готовится: дождитесь её или отмените.',
    OVER: 'Эта выгрузка уже недоступна: закажите новую.',
  },
  deletionTitle: (day: string) => `Организация будет удалена ${day}`,
  deletionText:
    'Так решила федерация. До этого дня всё работает как обычно, затем удаляется всё, что в организации есть. Отменить может только федерация.',
  deletionLink: 'Выгрузить данные',
};

const en: typeof ru = {
  title: 'Export',
  lead: 'All data of the organization in one archive: tables, files and a list of them.',
  what: 'What is in the archive',
  whatTables:
    'All records of the organization: people, bodies and sessions, documents, dues, conversations, courses, mailings, the audit. Each table is a JSON Lines file, sealed fields are opened.',
  whatFiles: 'All files, sent and made, with a list and their SHA-256 sums.',
  whatNot:
    'Passwords and second factors of people, encryption keys and links that work once are not exported. README.txt inside says which.',
  careTitle: 'The archive holds personal data',
  care: 'Keep it locked away and do not send it in the open. The order and each download are recorded in the audit.',
  order: 'Order an export',
  ordered: 'The export is ordered. You may leave the page: the server does the work.',
  running: 'Being made',
  waiting: 'About to begin',
  tables: (done, total) => `Tables: ${done} of ${total}`,
  filesOf: (done, total) => `Files: ${done} of ${total}`,
  progress: 'Progress of the export',
  cancel: 'Cancel',
  cancelOne: (when) => `Cancel the export of ${when}`,
  cancelled: 'The export is cancelled.',
  ready: 'Ready',
  download: 'Download',
  downloadOne: (when) => `Download the export of ${when}`,
  until: (day) => `Available until ${day}, then the file is removed`,
  history: 'Exports',
  empty: 'No exports yet',
  emptyText:
    'Order the first one: the archive takes from seconds to an hour, depending on the files.',
  by: (name, when) => `${when}, ${name}`,
  rows: (n) => pluralEn(n, '# record', '# records'),
  files: (n) => pluralEn(n, '# file', '# files'),
  states: {
    RUNNING: 'Being made',
    READY: 'Ready',
    FAILED: 'Failed',
    CANCELLED: 'Cancelled',
    EXPIRED: 'Removed, its days are over',
  },
  failed:
    'The archive could not be made. Order it again; if it fails again, turn to the administrator of the system.',
  statuses: {
    OK: '',
    RUNNING: 'One export is being made already: wait for it, or cancel it.',
    OVER: 'This export is not available any more: order a new one.',
  },
  deletionTitle: (day) => `The organization will be deleted on ${day}`,
  deletionText:
    'The federation has decided so. Until that day everything works as usual, then all that is in the organization is deleted. Only the federation can call it off.',
  deletionLink: 'Export the data',
};

/** The words of exports of the organization, and of its deletion as it sees it. */
export const exportTexts: Catalogue<typeof ru> = { ru, en };
