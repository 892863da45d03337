import { type Failure, failureText } from '#platform/client';
import { type Catalogue, language } from '#platform/languages';

const ru: Record<string, string> = {
  archived: 'Курс в архиве, изменить его нельзя.',
  completed: 'Слушатель уже прошёл курс.',
  in_the_past: 'Эта дата уже прошла.',
  lesson_in_use: 'Урок уже проходят, удалить его нельзя. Можно сделать его необязательным.',
  not_a_video: 'Это не видео. Нужен файл MP4 или WebM.',
  not_a_member:
    'Учиться могут члены организации. Вашей учётной записи в реестре нет: обратитесь к тому, кто его ведёт.',
  not_open: 'Записаться на этот курс самостоятельно нельзя.',
  not_published: 'Курс не опубликован.',
  not_started: 'Вебинар ещё не начался.',
  quiz_empty: 'В тесте пока нет вопросов.',
  revoked: 'Сертификат уже отозван.',
  too_many: 'Слишком много: разделите на части.',
  withdrawn: 'Вы отчислены с этого курса.',
};

const en: Record<string, string> = {
  archived: 'The course is archived and cannot be changed.',
  completed: 'The learner has completed the course.',
  in_the_past: 'This date is past.',
  lesson_in_use: 'The lesson is being taken and cannot be deleted. It can be made optional.',
  not_a_video: 'This is no video. An MP4 or WebM file is needed.',
  not_a_member:
    'Members of the organization learn here. Your account is not in the register: ask its keeper.',
  not_open: 'People cannot enrol themselves in this course.',
  not_published: 'The course is not published.',
  not_started: 'The webinar has not begun.',
  quiz_empty: 'The quiz has no questions yet.',
  revoked: 'The certificate was revoked before.',
  too_many: 'Too many: split it.',
  withdrawn: 'You were withdrawn from this course.',
};

const catalogue: Catalogue<Record<string, string>> = { ru, en };

/** What to tell about a failure of learning, in the language in use. */
export function learningFailure(failure: Failure): string {
  for (const reason of [failure.reason, ...failure.fields.map((field) => field.reason)]) {
    const text = reason === null ? undefined : catalogue[language()][reason];
    if (text) return text;
  }
  return failureText(failure);
}
