import type { Catalogue } from '#platform/languages';

const ru = {
  email: 'Электронная почта',
  verified: 'Подтверждена',
  unverified: 'Не подтверждена',
  verify: 'Подтвердить',
  change: 'Сменить адрес',
  changeTitle: 'Новый адрес',
  changeText:
    'Мы отправим на новый адрес ссылку. Пока вы её не откроете, для входа действует прежний адрес.',
  newEmail: 'Новый адрес',
  missing: 'Укажите адрес.',
  send: 'Отправить ссылку',
  sent: (email: string) => `Письмо со ссылкой отправлено: ${email}`,
  pending: (email: string) =>
    `Ждём подтверждения адреса ${email}. Ссылка в письме действует сутки.`,
  cancel: 'Отменить',
  confirmTitle: 'Подтверждение адреса',
  confirmText: 'Нажмите кнопку, и этот адрес станет вашим адресом для входа.',
  confirm: 'Подтвердить адрес',
  confirmed: (email: string) => `Адрес подтверждён. Для входа используйте ${email}.`,
  invalid: 'Ссылка устарела или уже использована. Запросите новую на странице «Безопасность».',
  taken: 'С этим адресом входит другая учётная запись. Укажите другой адрес.',
  goOn: 'Продолжить',
};

const en: typeof ru = {
  email: 'E-mail',
  verified: 'Confirmed',
  unverified: 'Not confirmed',
  verify: 'Confirm',
  change: 'Change the address',
  changeTitle: 'A new address',
  changeText:
    'We will send a link to the new address. Until you open it, you sign in with the present one.',
  newEmail: 'New address',
  missing: 'Enter an address.',
  send: 'Send the link',
  sent: (email) => `A letter with a link is on its way: ${email}`,
  pending: (email) =>
    `${email} waits for its confirmation. The link in the letter works for a day.`,
  cancel: 'Take back',
  confirmTitle: 'Confirming an address',
  confirmText: 'Press the button, and this becomes the address that you sign in with.',
  confirm: 'Confirm the address',
  confirmed: (email) => `The address is confirmed. Sign in with ${email}.`,
  invalid: 'The link is too old or was used already. Ask for a new one on the page Security.',
  taken: 'Another account signs in with this address. Choose another one.',
  goOn: 'Continue',
};

export const emailTexts: Catalogue<typeof ru> = { ru, en };
