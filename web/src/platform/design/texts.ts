import type { Catalogue } from '#platform/languages';

const ru = {
  retry: 'Повторить',
  cancel: 'Отмена',
  close: 'Закрыть',
  loading: 'Загрузка…',
  failedTitle: 'Не удалось загрузить',
  back: 'Назад',
  loadMore: 'Показать ещё',
};

const en: typeof ru = {
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading…',
  failedTitle: 'Could not load',
  back: 'Back',
  loadMore: 'Show more',
};

export const designTexts: Catalogue<typeof ru> = { ru, en };
