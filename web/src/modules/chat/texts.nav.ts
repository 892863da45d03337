import { type Catalogue, pluralEn, pluralRu } from '#platform/languages';

const ru = {
  chat: 'Чаты',
  write: 'Написать коллеге',
  unreadChats: (n: number) =>
    pluralRu(
      n,
      '# чат с новыми сообщениями',
      '# чата с новыми сообщениями',
      '# чатов с новыми сообщениями',
    ),
};

const en: typeof ru = {
  chat: 'Chats',
  write: 'Write to a colleague',
  unreadChats: (n) => pluralEn(n, '# chat with new messages', '# chats with new messages'),
};

/** What the frame shows of conversations: the rest of the texts comes with the page. */
export const chatNavTexts: Catalogue<typeof ru> = { ru, en };
