import type { Catalogue } from '#platform/languages';

const ru = {
  card: 'Вход через организацию',
  cardText: (label: string) => `«${label}»: входить без пароля, через систему входа организации.`,
  linkedSince: (date: string) => `Подключён с ${date}`,
  isCurrent: 'Этот сеанс начат через неё и открывает только эту организацию.',
  link: 'Подключить',
  unlink: 'Отключить',
  unlinkTitle: 'Отключить вход через организацию?',
  unlinkText: 'Сеансы, начатые через неё, завершатся. Войти можно будет по паролю.',
  linked: 'Вход через организацию подключён.',
  unlinked: 'Вход через организацию отключён.',
  unavailable: 'Система входа организации не отвечает. Попробуйте позже.',
  refused: {
    cancelled: 'Подключение отменено.',
    expired: 'Подключение не завершено вовремя. Начните заново.',
    failed: 'Система входа организации ответила с ошибкой.',
    not_invited: 'Доступ в организацию закрыт.',
    linked_otherwise: 'В системе входа организации вы уже связаны с другой учётной записью.',
  },
  manage: 'Настроить для организации',
  none: 'Организация не подключила свою систему входа.',
  title: 'Вход через организацию',
  lead: 'Люди входят через систему входа вашей организации (OpenID Connect), не заводя пароль.',
  back: 'Безопасность',
  atProvider: 'Что указать у поставщика входа',
  redirectUri: 'Адрес возврата (redirect URI)',
  redirectHint:
    'Клиент с кодом авторизации (authorization code) и PKCE; области: openid, email, profile.',
  provider: 'Поставщик входа',
  label: 'Надпись на кнопке',
  issuer: 'Адрес поставщика (issuer)',
  issuerHint: 'Например, https://idp.example.org/realms/union',
  clientId: 'Идентификатор клиента (client ID)',
  clientSecret: 'Секрет клиента (client secret)',
  secretKept: 'Секрет сохранён и не показывается. Оставьте пустым, чтобы не менять.',
  secretHint: 'Хранится зашифрованным и больше не показывается.',
  addressClaim: 'Поле с адресом почты',
  addressHint:
    'Обычно email. Адрес принимается, только если поставщик его подтвердил (email_verified).',
  mailDomains: 'Домены почты',
  domainsHint: 'Через запятую; пусто — любые.',
  makesAccounts: 'Заводить учётные записи для тех, кого организация ещё не знает',
  makesHint:
    'Новые люди входят без ролей: роли даёт администратор. Нужен хотя бы один домен почты.',
  save: 'Сохранить',
  saved: 'Вход через организацию настроен.',
  unreachable: 'Поставщик не отвечает по этому адресу, или адрес ведёт во внутреннюю сеть.',
  unusable: 'По этому адресу нет поставщика OpenID Connect, который подходит.',
  remove: 'Убрать',
  removeTitle: 'Убрать вход через организацию?',
  removeText: (count: string) => `Связанные учётные записи: ${count}. Сеансы через неё завершатся.`,
  removed: 'Вход через организацию убран.',
  faults: {
    empty: 'Заполните поле.',
    too_long: 'Слишком длинно.',
    sign: 'Уберите непечатаемые знаки.',
    not_an_address: 'Нужен адрес https:// без параметров, не из внутренней сети.',
    not_a_domain: 'Нужны домены, например union.example.',
    too_many: 'Не больше двадцати.',
  },
};

const en: typeof ru = {
  card: 'Sign-in by your organization',
  cardText: (label) =>
    `“${label}”: sign in without a password, by the organization’s sign-in system.`,
  linkedSince: (date) => `Linked since ${date}`,
  isCurrent: 'This session was begun by it and opens this organization only.',
  link: 'Link',
  unlink: 'Unlink',
  unlinkTitle: 'Unlink the sign-in by your organization?',
  unlinkText: 'Sessions that were begun by it end. You can sign in by your password.',
  linked: 'The sign-in by your organization is linked.',
  unlinked: 'The sign-in by your organization is unlinked.',
  unavailable: 'The sign-in system of the organization does not answer. Try later.',
  refused: {
    cancelled: 'Linking was cancelled.',
    expired: 'Linking was not finished in time. Begin anew.',
    failed: 'The sign-in system of the organization answered with a fault.',
    not_invited: 'Access to the organization is closed.',
    linked_otherwise:
      'In the sign-in system of the organization you are linked with another account.',
  },
  manage: 'Set up for the organization',
  none: 'The organization has no sign-in system of its own here.',
  title: 'Sign-in by the organization',
  lead: 'People sign in by the sign-in system of your organization (OpenID Connect), without a password here.',
  back: 'Security',
  atProvider: 'What to enter at the provider',
  redirectUri: 'Redirect URI',
  redirectHint: 'A client with authorization code and PKCE; scopes: openid, email, profile.',
  provider: 'Provider of sign-in',
  label: 'What stands on the button',
  issuer: 'Issuer',
  issuerHint: 'For example https://idp.example.org/realms/union',
  clientId: 'Client ID',
  clientSecret: 'Client secret',
  secretKept: 'A secret is kept and not shown. Leave it empty to keep it.',
  secretHint: 'It is kept encrypted and not shown again.',
  addressClaim: 'Claim with the mail address',
  addressHint:
    'Usually email. An address is taken only when the provider verified it (email_verified).',
  mailDomains: 'Mail domains',
  domainsHint: 'With commas between them; empty for any.',
  makesAccounts: 'Make accounts for people whom the organization does not know yet',
  makesHint:
    'New people come in without roles: an administrator gives them. One mail domain at least is needed.',
  save: 'Save',
  saved: 'Sign-in by the organization is set up.',
  unreachable:
    'The provider does not answer at this address, or the address leads into a private network.',
  unusable: 'There is no provider of OpenID Connect at this address that can be used.',
  remove: 'Remove',
  removeTitle: 'Remove sign-in by the organization?',
  removeText: (count) => `Linked accounts: ${count}. Sessions by it end.`,
  removed: 'Sign-in by the organization is removed.',
  faults: {
    empty: 'Fill this in.',
    too_long: 'Too long.',
    sign: 'Take out signs that cannot be printed.',
    not_an_address:
      'An https:// address without parameters is needed, not one of a private network.',
    not_a_domain: 'Domains are needed, such as union.example.',
    too_many: 'Twenty at most.',
  },
};

export const providerTexts: Catalogue<typeof ru> = { ru, en };
/** Why linking was refused, as the server words it in the address. */
export type LinkReason = keyof typeof ru.refused;
/** What is wrong with a field, as the server words it. */
export type Fault = keyof typeof ru.faults;
