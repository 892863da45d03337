import { type Catalogue, pluralEn, pluralRu } from '#platform/languages';

const ru = {
  room: 'Вебинар',
  present: (n: number) => pluralRu(n, '# участник', '# участника', '# участников'),
  connection: {
    connecting: 'Соединяемся…',
    connected: 'Связь есть',
    reconnecting: 'Связь потеряна, восстанавливаем…',
    closed: 'Вы вышли',
  },
  quality: { good: 'Хорошая связь', fair: 'Связь слабая', poor: 'Связь очень слабая' },
  controls: 'Управление',
  microphone: 'Микрофон',
  camera: 'Камера',
  leave: 'Выйти',
  self: (name: string) => `${name} (вы)`,
  muted: 'микрофон выключен',
  speaking: 'говорит',
  held: 'Связь слабая: пока без видео',
  noMicrophone: 'Микрофон не включился. Проверьте, что он подключён и разрешён в браузере.',
  noCamera: 'Камера не включилась. Проверьте, что она подключена и разрешена в браузере.',
};

const en: typeof ru = {
  room: 'Webinar',
  present: (n) => pluralEn(n, '# participant', '# participants'),
  connection: {
    connecting: 'Connecting…',
    connected: 'Connected',
    reconnecting: 'Connection lost, restoring…',
    closed: 'You have left',
  },
  quality: { good: 'Good connection', fair: 'Weak connection', poor: 'Very weak connection' },
  controls: 'Controls',
  microphone: 'Microphone',
  camera: 'Camera',
  leave: 'Leave',
  self: (name) => `${name} (you)`,
  muted: 'microphone off',
  speaking: 'speaking',
  held: 'Weak connection: no video for now',
  noMicrophone: 'The microphone did not start. Check that it is connected and allowed.',
  noCamera: 'The camera did not start. Check that it is connected and allowed.',
};

/** Messages of the webinar's room. */
export const webinarTexts: Catalogue<typeof ru> = { ru, en };
