import type { Catalogue } from '#platform/languages';

// Apart from the texts of the page of sign-in: most people never load them.
const ru = {
  title: 'Второй шаг',
  codeLead: 'Введите код из приложения-аутентификатора.',
  recoveryLead: 'Введите один из резервных кодов, которые вы сохранили.',
  recoveryCode: 'Резервный код',
  recoveryMissing: 'Введите резервный код.',
  wrongRecovery: 'Код не подошёл: в нём опечатка или он уже использован.',
  codeMissing: 'Введите код.',
  wrongCode: 'Код не подошёл. Дождитесь следующего; проверьте время на телефоне.',
  goOn: 'Продолжить',
  useRecovery: 'Ввести резервный код',
  useCode: 'Ввести код из приложения',
  otherAccount: 'Войти под другим именем',
  stepExpired: 'Время вышло. Введите пароль ещё раз.',
  signInAnew: 'Войти заново',
};

const en: typeof ru = {
  title: 'Second step',
  codeLead: 'Enter the code of your authenticator app.',
  recoveryLead: 'Enter one of the recovery codes that you kept.',
  recoveryCode: 'Recovery code',
  recoveryMissing: 'Enter a recovery code.',
  wrongRecovery: 'The code does not fit: it has a typing error or was used before.',
  codeMissing: 'Enter the code.',
  wrongCode: 'The code does not fit. Wait for the next one; check the time of your phone.',
  goOn: 'Continue',
  useRecovery: 'Enter a recovery code',
  useCode: 'Enter a code of the app',
  otherAccount: 'Sign in as somebody else',
  stepExpired: 'The time is over. Enter your password again.',
  signInAnew: 'Sign in again',
};

export const secondStepTexts: Catalogue<typeof ru> = { ru, en };
