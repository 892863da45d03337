import { type Catalogue, language, pluralEn, pluralRu, useTexts } from '#platform/languages';
import type { Failure } from './failure';

type FailureTexts = {
  /** By `extensions.reason`: the most telling text wins. */
  reasons: Record<string, string>;
  signIn: string;
  forbidden: string;
  notFound: string;
  invalid: string;
  conflict: string;
  rateLimited: (seconds: number) => string;
  unavailable: string;
  internal: (incident: string | null) => string;
  network: string;
};

const ru: FailureTexts = {
  reasons: {
    file_too_large: 'Файл слишком большой. Разделите его на части и загрузите по очереди.',
    upload_incomplete: 'Файл загружен не полностью. Загрузите его ещё раз.',
    email_invalid: 'Проверьте адрес электронной почты.',
    name_empty: 'Укажите название.',
    name_taken: 'Такое название уже есть.',
    already_member: 'Этот человек уже входит в орган.',
    has_chair: 'В органе уже есть председатель. Выберите другую должность.',
    impossible_share: 'Такая доля кворума невозможна.',
    too_long: 'Слишком длинный текст. Сократите его.',
    changed_meanwhile: 'Данные изменились, пока вы работали. Обновите страницу и повторите.',
    not_invited: 'Вас нет в списке приглашённых на это заседание.',
    file_missing: 'Файл не найден на сервере. Загрузите его ещё раз.',
    files: 'Хранилище файлов временно недоступно. Повторите через минуту.',
    confirm: 'Чтобы продолжить, подтвердите, что это вы.',
    module_off: 'Этот раздел выключен администратором вашей организации.',
    unknown_operation: 'Страница устарела. Обновите её и повторите.',
    storage_full: 'Место организации закончилось. Удалите лишнее или обратитесь в федерацию.',
    rooms_full: 'В видеокомнатах организации нет мест. Попробуйте позже.',
  },
  signIn: 'Вы не вошли в систему. Войдите и повторите действие.',
  forbidden: 'У вас нет прав на это действие. Обратитесь к администратору организации.',
  notFound: 'Не найдено. Возможно, запись удалена или ссылка неверна.',
  invalid: 'Проверьте введённые данные: сервер их не принял.',
  conflict: 'Данные изменились, пока вы работали. Обновите страницу и повторите.',
  rateLimited: (s) =>
    `Слишком много попыток. Повторите через ${pluralRu(s, '# секунду', '# секунды', '# секунд')}.`,
  unavailable: 'Сервис временно недоступен. Повторите через минуту.',
  internal: (incident) =>
    incident
      ? `Ошибка на нашей стороне. Сообщите в поддержку номер ${incident}.`
      : 'Ошибка на нашей стороне. Повторите позже.',
  network: 'Нет связи с сервером. Проверьте подключение к сети и повторите.',
};

const en: FailureTexts = {
  reasons: {
    file_too_large: 'The file is too large. Split it and upload the parts one by one.',
    upload_incomplete: 'The file was not uploaded completely. Upload it again.',
    email_invalid: 'Check the e-mail address.',
    name_empty: 'Enter a name.',
    name_taken: 'This name already exists.',
    already_member: 'This person already holds a seat.',
    has_chair: 'The body already has a chair. Choose another office.',
    impossible_share: 'Such a share for the quorum is impossible.',
    too_long: 'The text is too long. Shorten it.',
    changed_meanwhile: 'Things changed while you worked. Reload the page and try again.',
    not_invited: 'You are not among those invited to this session.',
    file_missing: 'The file is not on the server. Upload it again.',
    files: 'The file store is unavailable for the moment. Try again in a minute.',
    confirm: 'To go on, confirm that it is you.',
    module_off: 'The administrator of your organization switched this section off.',
    unknown_operation: 'This page is out of date. Reload it and try again.',
    storage_full: 'The storage of the organization is full. Ask the federation for more.',
    rooms_full: 'The video rooms of the organization are full. Try again later.',
  },
  signIn: 'You are not signed in. Sign in and try again.',
  forbidden: 'You may not do this. Ask the administrator of your organization.',
  notFound: 'Not found. It may have been removed, or the link is wrong.',
  invalid: 'Check what you entered: the server did not accept it.',
  conflict: 'Things changed while you worked. Reload the page and try again.',
  rateLimited: (s) => `Too many attempts. Try again in ${pluralEn(s, '# second', '# seconds')}.`,
  unavailable: 'The service is unavailable for the moment. Try again in a minute.',
  internal: (incident) =>
    incident
      ? `Something went wrong on our side. Tell support the number ${incident}.`
      : 'Something went wrong on our side. Try again later.',
  network: 'No connection to the server. Check the network and try again.',
};

const catalogue: Catalogue<FailureTexts> = { ru, en };

function wording(texts: FailureTexts, failure: Failure): string {
  const reasons = [failure.reason, ...failure.fields.map((field) => field.reason)];
  for (const reason of reasons) {
    const text = reason === null ? undefined : texts.reasons[reason];
    if (text) return text;
  }
  switch (failure.code) {
    case 'UNAUTHENTICATED':
      return texts.signIn;
    case 'FORBIDDEN':
      return texts.forbidden;
    case 'NOT_FOUND':
      return texts.notFound;
    case 'INVALID':
      return texts.invalid;
    case 'CONFLICT':
      return texts.conflict;
    case 'RATE_LIMITED':
      return texts.rateLimited(failure.retryAfterS ?? 60);
    case 'UNAVAILABLE':
      return texts.unavailable;
    case 'INTERNAL':
      return texts.internal(failure.incident);
    case 'NETWORK':
      return texts.network;
  }
}

/** What to tell the reader about a failure, in the language in use. */
export function failureText(failure: Failure): string {
  return wording(catalogue[language()], failure);
}

/** As {@link failureText}, following a change of language. */
export function useFailureText(): (failure: Failure) => string {
  const texts = useTexts(catalogue);
  return (failure) => wording(texts, failure);
}
