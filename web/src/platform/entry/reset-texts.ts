import type { Catalogue } from '#platform/languages';

// Apart from the texts of the page of sign-in: most people never load them.
const ru = {
  email: 'Электронная почта',
  showPassword: 'Показать введённое',
  emailMissing: 'Укажите адрес электронной почты.',
  resetTitle: 'Восстановление пароля',
  resetLead: 'Мы отправим на вашу почту ссылку, по которой можно задать новый пароль.',
  resetSend: 'Отправить ссылку',
  resetSentTitle: 'Проверьте почту',
  resetSentText: (email: string) =>
    `Если ${email} зарегистрирован, туда отправлено письмо со ссылкой. Нет письма — загляните в «Спам».`,
  newPasswordTitle: 'Новый пароль',
  newPassword: 'Новый пароль',
  newPasswordHint: 'Не короче 10 символов. Длинная фраза надёжнее сложных знаков.',
  newPasswordSave: 'Сохранить пароль',
  tooShort: 'Пароль слишком короткий: нужно не меньше 10 символов.',
  breached:
    'Этот пароль есть в списках украденных паролей: с них начинают подбор. Придумайте другой, например фразу из четырёх слов.',
  tokenInvalid: 'Ссылка устарела или уже использована. Запросите новую.',
  askAgain: 'Запросить новую ссылку',
  passwordSaved: 'Пароль изменён. Теперь войдите с ним.',
  backToSignIn: 'Ко входу',
};

const en: typeof ru = {
  email: 'E-mail',
  showPassword: 'Show what is typed',
  emailMissing: 'Enter your e-mail address.',
  resetTitle: 'Password recovery',
  resetLead: 'We will send you a link by which you can set a new password.',
  resetSend: 'Send the link',
  resetSentTitle: 'Check your mail',
  resetSentText: (email) =>
    `If ${email} is registered, a letter with a link is on its way. If it does not come, look into the spam folder.`,
  newPasswordTitle: 'New password',
  newPassword: 'New password',
  newPasswordHint: 'At least 10 characters. A long phrase is safer than odd signs.',
  newPasswordSave: 'Save the password',
  tooShort: 'The password is too short: at least 10 characters are needed.',
  breached:
    'This password is in lists of leaked ones, with which guessing begins. Choose another, a phrase of four words for example.',
  tokenInvalid: 'The link is too old or was already used. Ask for a new one.',
  askAgain: 'Ask for a new link',
  passwordSaved: 'The password is changed. Now sign in with it.',
  backToSignIn: 'Back to sign-in',
};

export const resetTexts: Catalogue<typeof ru> = { ru, en };
