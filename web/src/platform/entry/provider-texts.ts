import type { Catalogue } from '#platform/languages';

const ru = {
  open: 'Войти через организацию',
  organization: 'Короткое имя организации',
  organizationHint: 'Стоит в адресе после /t/. Его знает ваш администратор.',
  find: 'Продолжить',
  none: 'У этой организации нет своей системы входа. Войдите по паролю.',
  unavailable: 'Система входа организации не отвечает. Попробуйте позже или войдите по паролю.',
  reasons: {
    cancelled: 'Вход через организацию отменён.',
    expired: 'Вход через организацию не завершён вовремя. Начните заново.',
    failed:
      'Система входа организации ответила с ошибкой. Попробуйте ещё раз или сообщите администратору.',
    no_address:
      'Система входа организации не подтвердила ваш адрес почты. Войдите по паролю и подключите её на странице «Безопасность».',
    domain: 'Адреса почты этого домена организация не принимает.',
    not_invited: 'Организация вас ещё не пригласила. Обратитесь к её администратору.',
    link_first:
      'У вас уже есть свой вход. Войдите по паролю и подключите вход через организацию на странице «Безопасность».',
    linked_otherwise: 'Ваша учётная запись связана с другим человеком в системе входа организации.',
  },
};

const en: typeof ru = {
  open: 'Sign in by your organization',
  organization: 'Short name of the organization',
  organizationHint: 'It stands in the address after /t/. Your administrator knows it.',
  find: 'Go on',
  none: 'This organization has no sign-in system of its own. Sign in by your password.',
  unavailable:
    'The sign-in system of the organization does not answer. Try later, or sign in by your password.',
  reasons: {
    cancelled: 'The sign-in by your organization was cancelled.',
    expired: 'The sign-in by your organization was not finished in time. Begin anew.',
    failed:
      'The sign-in system of your organization answered with a fault. Try again, or tell your administrator.',
    no_address:
      'The sign-in system of your organization did not confirm your mail address. Sign in by your password and link it on the page Security.',
    domain: 'The organization does not take mail addresses of this domain.',
    not_invited: 'The organization has not invited you yet. Ask its administrator.',
    link_first:
      'You have a sign-in of your own. Sign in by your password and link your organization’s on the page Security.',
    linked_otherwise:
      'Your account is linked with somebody else in the sign-in system of the organization.',
  },
};

export const providerEntryTexts: Catalogue<typeof ru> = { ru, en };
/** Why a sign-in by a provider was refused, as the server words it in the address. */
export type ProviderReason = keyof typeof ru.reasons;
