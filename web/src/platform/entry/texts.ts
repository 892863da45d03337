import type { Catalogue } from '#platform/languages';

const ru = {
  signIn: 'Вход',
  signInLead: 'Реестр, выборные органы и заседания вашего профсоюза.',
  email: 'Электронная почта',
  password: 'Пароль',
  showPassword: 'Показать введённое',
  submit: 'Войти',
  forgot: 'Забыли пароль?',
  wrong: 'Неверная почта или пароль. Проверьте раскладку и Caps Lock.',
  secondStep: 'Второй шаг',
  emailMissing: 'Укажите адрес электронной почты.',
  passwordMissing: 'Введите пароль.',
  demoTitle: 'Демонстрационные учётные записи',
  demoText: 'Нажмите, чтобы заполнить форму.',
  demoFill: (name: string) => `Заполнить: ${name}`,
  mailbox: 'Почта разработки',
};

const en: typeof ru = {
  signIn: 'Sign in',
  signInLead: 'Register, elected bodies and sessions of your union.',
  email: 'E-mail',
  password: 'Password',
  showPassword: 'Show what is typed',
  submit: 'Sign in',
  forgot: 'Forgot your password?',
  wrong: 'Wrong e-mail or password. Check the keyboard layout and Caps Lock.',
  secondStep: 'Second step',
  emailMissing: 'Enter your e-mail address.',
  passwordMissing: 'Enter your password.',
  demoTitle: 'Demonstration accounts',
  demoText: 'Click one to fill in the form.',
  demoFill: (name) => `Fill in: ${name}`,
  mailbox: 'Development mailbox',
};

export const entryTexts: Catalogue<typeof ru> = { ru, en };
