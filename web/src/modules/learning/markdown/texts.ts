import type { Catalogue } from '#platform/languages';

const ru = {
  write: 'Текст',
  preview: 'Просмотр',
  tools: 'Оформление',
  heading: 'Заголовок',
  bold: 'Полужирный (Ctrl+B)',
  italic: 'Курсив (Ctrl+I)',
  list: 'Список',
  numbered: 'Нумерованный список',
  quote: 'Цитата',
  link: 'Ссылка',
  word: 'текст',
  placeholder: 'Пишите или вставьте текст сюда',
  nothing: 'Пока нечего показать: текст не написан.',
  hint: 'Оформление в Markdown: «# заголовок», «**важно**», «- пункт списка», таблицы через «|».',
};

const en: typeof ru = {
  write: 'Text',
  preview: 'Preview',
  tools: 'Formatting',
  heading: 'Heading',
  bold: 'Bold (Ctrl+B)',
  italic: 'Italic (Ctrl+I)',
  list: 'List',
  numbered: 'Numbered list',
  quote: 'Quotation',
  link: 'Link',
  word: 'text',
  placeholder: 'Write here, or paste a text',
  nothing: 'Nothing to show yet: the text is not written.',
  hint: 'Formatting is Markdown: “# heading”, “**important**”, “- list item”, tables with “|”.',
};

/** Messages of the text editor. */
export const markdownTexts: Catalogue<typeof ru> = { ru, en };
