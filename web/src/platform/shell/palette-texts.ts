import type { Catalogue } from '#platform/languages';

const ru = {
  shortcuts: 'Горячие клавиши',
  shortcutPalette: 'Поиск и действия',
  shortcutHelp: 'Эта подсказка',
  shortcutClose: 'Закрыть окно или панель',
  shortcutMic: 'Микрофон (в комнате заседания)',
  shortcutCamera: 'Камера (в комнате заседания)',
  searchPlaceholder: 'Куда перейти или что сделать?',
  nothingFound: 'Ничего не найдено. Попробуйте другое слово.',
};

const en: typeof ru = {
  shortcuts: 'Keyboard shortcuts',
  shortcutPalette: 'Search and actions',
  shortcutHelp: 'This help',
  shortcutClose: 'Close a window or panel',
  shortcutMic: 'Microphone (in the meeting room)',
  shortcutCamera: 'Camera (in the meeting room)',
  searchPlaceholder: 'Where to go or what to do?',
  nothingFound: 'Nothing found. Try another word.',
};

/** The words of what the keyboard opens: loaded with it, not with every page. */
export const paletteTexts: Catalogue<typeof ru> = { ru, en };
