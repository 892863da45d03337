import type { Catalogue } from '#platform/languages';

const ru = {
  title: 'Почта разработки',
  lead: 'Письма не отправляются наружу, а остаются здесь: почтовый сервер не настроен.',
  refresh: 'Обновить',
  letters: 'Письма',
  emptyTitle: 'Писем пока нет',
  emptyText: 'Запросите восстановление пароля или назначьте заседание: письма появятся здесь.',
  choose: 'Выберите письмо слева',
  back: 'К списку писем',
  from: 'От',
  to: 'Кому',
  sent: 'Отправлено',
  attachments: 'Вложения',
  body: (subject: string) => `Текст письма: ${subject}`,
  gone: 'Этого письма больше нет.',
  off: 'В этой установке почта отправляется по-настоящему, и ящика разработки нет.',
  home: 'В приложение',
};

const en: typeof ru = {
  title: 'Development mailbox',
  lead: 'Letters are not sent out but kept here: no mail server is configured.',
  refresh: 'Refresh',
  letters: 'Letters',
  emptyTitle: 'No letters yet',
  emptyText: 'Ask for a password reset or schedule a session: the letters will appear here.',
  choose: 'Choose a letter on the left',
  back: 'Back to the letters',
  from: 'From',
  to: 'To',
  sent: 'Sent',
  attachments: 'Attachments',
  body: (subject) => `Text of the letter: ${subject}`,
  gone: 'This letter is no longer here.',
  off: 'This installation sends real mail and has no development mailbox.',
  home: 'To the app',
};

export const mailboxTexts: Catalogue<typeof ru> = { ru, en };
