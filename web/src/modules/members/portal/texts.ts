import type { Catalogue } from '#platform/languages';

const ru = {
  title: 'Мой кабинет',
  noRecordTitle: 'Ваша карточка пока не подключена',
  noRecordText:
    'Учётная запись не связана с карточкой в реестре. Обратитесь в свою первичную организацию: ответственный за реестр пришлёт приглашение.',
  data: 'Мои данные',
  unit: 'Организация',
  notGiven: 'не указано',
  correct: 'Попросить исправить',
  correctTitle: 'Исправить мои данные',
  correctHint: 'Исправления вступят в силу, когда их примет ответственный за реестр.',
  correctNote: 'Пояснение',
  correctNoteHint: 'Например: сменила фамилию после замужества',
  correctSubmit: 'Отправить',
  correctStatus: {
    OK: 'Просьба отправлена. Ответ появится здесь.',
    UNCHANGED: 'Вы ничего не изменили.',
    ALREADY_PENDING: 'Предыдущая просьба ещё ждёт решения.',
    NO_RECORD: 'Ваша учётная запись не связана с карточкой в реестре.',
  },
  corrections: 'Мои исправления',
  states: { PENDING: 'ждёт решения', APPROVED: 'принято', REJECTED: 'отказано' },
  reason: (text: string) => `Причина отказа: ${text}`,

  card: 'Членский билет',
  cardOpen: 'Показать билет',
  cardTitle: 'Электронный членский билет',
  cardNumber: 'Билет №',
  cardSince: 'Выдан',
  cardValid: 'Действителен',
  cardInvalid: 'Недействителен',
  cardQr: 'QR-код для проверки билета',
  cardHint: 'По QR-коду любой увидит только имя, организацию и действителен ли билет.',
  cardOffline: (when: string) =>
    `Нет связи с сервером. Показан билет, сохранённый на этом устройстве ${when}.`,
  cardPrint: 'Печать',
  cardPdf: 'Скачать PDF',
  back: 'Мой кабинет',

  consent: 'Согласие на обработку персональных данных',
  consentNow: {
    GIVEN: 'Согласие дано.',
    REFUSED: 'Согласие отозвано или не дано.',
    MISSING: 'Согласия пока нет.',
  },
  consentRead: 'Прочитать текст',
  consentHide: 'Скрыть текст',
  consentVersion: (version: string) => `Редакция ${version}`,
  consentGive: 'Дать согласие',
  consentGiven: 'Спасибо, согласие записано',
  consentNewer: 'Текст согласия изменился. Прочитайте новую редакцию и подтвердите её.',
  consentWithdraw: 'Отозвать согласие',
  withdrawTitle: 'Отозвать согласие?',
  withdrawText:
    'Организация перестанет отправлять вам рассылки и передавать ваши данные. Членство сохранится. Дать согласие снова можно в любой день.',
  withdrawn: 'Согласие отозвано',
  consentHistory: 'История согласий',
  acts: { GIVEN: 'Дано', REFUSED: 'Отказано', WITHDRAWN: 'Отозвано' },

  verifyTitle: 'Проверка членского билета',
  verifyValid: 'Билет действителен',
  verifyInvalid: 'Билет не подтверждён',
  verifyInvalidText:
    'Билет отозван, заменён новым или ссылка неполная. Попросите показать билет в личном кабинете ещё раз.',
  verifyName: 'Член профсоюза',
  verifyOrganization: 'Организация',
  verifyFoot: 'Других сведений о человеке эта страница не показывает.',
};

const en: typeof ru = {
  title: 'My page',
  noRecordTitle: 'Your record is not connected yet',
  noRecordText:
    'Your account is not linked to a record of the register. Ask your primary organization: the register keeper will send an invitation.',
  data: 'My data',
  unit: 'Organization',
  notGiven: 'not given',
  correct: 'Ask for a correction',
  correctTitle: 'Correct my data',
  correctHint: 'Corrections take effect when the register keeper accepts them.',
  correctNote: 'Note',
  correctNoteHint: 'For example: new surname after marriage',
  correctSubmit: 'Send',
  correctStatus: {
    OK: 'The request is sent. The answer will appear here.',
    UNCHANGED: 'You changed nothing.',
    ALREADY_PENDING: 'Your earlier request still waits for a decision.',
    NO_RECORD: 'Your account is not linked to a record of the register.',
  },
  corrections: 'My corrections',
  states: { PENDING: 'waits for a decision', APPROVED: 'accepted', REJECTED: 'refused' },
  reason: (text) => `Reason of the refusal: ${text}`,

  card: 'Membership card',
  cardOpen: 'Show the card',
  cardTitle: 'Electronic membership card',
  cardNumber: 'Card No.',
  cardSince: 'Issued',
  cardValid: 'Valid',
  cardInvalid: 'Not valid',
  cardQr: 'QR code to verify the card',
  cardHint:
    'By the QR code anybody sees only the name, the organization and whether the card is valid.',
  cardOffline: (when) => `No connection. This is the card as kept on this device on ${when}.`,
  cardPrint: 'Print',
  cardPdf: 'Download PDF',
  back: 'My page',

  consent: 'Consent to the use of personal data',
  consentNow: {
    GIVEN: 'Consent is given.',
    REFUSED: 'Consent is withdrawn or refused.',
    MISSING: 'There is no consent yet.',
  },
  consentRead: 'Read the text',
  consentHide: 'Hide the text',
  consentVersion: (version) => `Version ${version}`,
  consentGive: 'Give consent',
  consentGiven: 'Thank you, the consent is recorded',
  consentNewer: 'The text has changed. Read the new version and confirm it.',
  consentWithdraw: 'Withdraw consent',
  withdrawTitle: 'Withdraw the consent?',
  withdrawText:
    'The organization stops sending you mailings and passing on your data. You stay a member. You can give consent again any day.',
  withdrawn: 'The consent is withdrawn',
  consentHistory: 'History of consents',
  acts: { GIVEN: 'Given', REFUSED: 'Refused', WITHDRAWN: 'Withdrawn' },

  verifyTitle: 'Verifying a membership card',
  verifyValid: 'The card is valid',
  verifyInvalid: 'The card is not confirmed',
  verifyInvalidText:
    'The card was withdrawn or replaced, or the link is incomplete. Ask to be shown the card once more.',
  verifyName: 'Member',
  verifyOrganization: 'Organization',
  verifyFoot: 'This page shows nothing else about the person.',
};

/** Messages of the member's own page. */
export const portalTexts: Catalogue<typeof ru> = { ru, en };
