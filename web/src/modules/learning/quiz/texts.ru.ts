import { pluralRu } from '#platform/languages';

const minutes = (n: number) => pluralRu(n, '# минута', '# минуты', '# минут');

export const ru = {
  questionOf: (n: number) => `Вопрос ${n}`,
  points: (n: number) => pluralRu(n, '# балл', '# балла', '# баллов'),
  howTo: {
    SINGLE: 'Выберите один ответ.',
    MULTIPLE: 'Выберите все верные ответы.',
    MATCHING: 'Для каждой строки выберите пару.',
    NUMERIC: 'Введите число. Дробную часть можно отделить запятой или точкой.',
    SHORT_TEXT: 'Введите короткий ответ: слово или несколько слов.',
  },
  chooseMatch: 'Выберите пару…',
  takenMatch: (text: string) => `${text} (уже выбрано)`,
  notANumber: 'Это не число. Нужны только цифры, например 12,5.',

  rulesTitle: 'Перед началом',
  ruleQuestions: (n: number) => pluralRu(n, '# вопрос', '# вопроса', '# вопросов'),
  ruleTime: (n: number) => `На прохождение — ${minutes(n)}`,
  ruleTimeText:
    'Время идёт с нажатия кнопки «Начать» и не останавливается, даже если закрыть страницу. Ответы, отправленные после окончания времени, не засчитываются.',
  ruleNoTime: 'Время не ограничено',
  ruleNoTimeText: 'Можно прерваться и вернуться: ответы сохраняются.',
  ruleAttempts: (left: number, all: number) =>
    `${pluralRu(left, 'Осталась # попытка', 'Осталось # попытки', 'Осталось # попыток')} из ${all}`,
  ruleAttemptsFree: 'Число попыток не ограничено',
  ruleAttemptsText: 'Засчитывается лучший результат.',
  rulePass: (percent: number) => `Чтобы сдать, нужно набрать ${percent} %`,
  ruleSaved: 'Ответы сохраняются сами по ходу работы.',
  start: 'Начать',
  again: 'Пройти ещё раз',
  resume: 'Продолжить попытку',
  noAttemptsLeft: 'Попытки закончились',
  noAttemptsLeftText: 'Обратитесь к преподавателю: он может добавить попытку.',
  preview: 'Это предпросмотр: проходить тест могут записанные на курс.',
  notReady: 'В тесте пока нет вопросов.',

  timeLeft: 'Осталось времени',
  timeLeftSaid: (seconds: number) =>
    seconds >= 60
      ? `Осталось ${pluralRu(Math.round(seconds / 60), '# минута', '# минуты', '# минут')}`
      : `Осталось ${pluralRu(seconds, '# секунда', '# секунды', '# секунд')}`,
  keeping: {
    saved: 'Все ответы сохранены',
    saving: 'Сохраняем…',
    waiting: 'Нет связи. Ответы сохранятся, когда она восстановится',
    refused: 'Ответ не принят. Проверьте его',
    over: 'Время вышло, ответы больше не принимаются',
  },
  answeredOf: (n: number, all: number) => `Отвечено ${n} из ${all}`,
  toQuestion: (n: number, answered: boolean) =>
    `Вопрос ${n}: ${answered ? 'ответ дан' : 'нет ответа'}`,
  questions: 'Вопросы',
  submit: 'Завершить и проверить',
  submitTitle: 'Завершить попытку?',
  submitAll: 'Вы ответили на все вопросы. После завершения изменить ответы нельзя.',
  submitMissing: (numbers: readonly number[]) =>
    numbers.length === 1
      ? `Нет ответа на вопрос ${numbers[0]}.`
      : `Нет ответов на вопросы: ${numbers.join(', ')}.`,
  submitMissingText:
    'Без ответа вопрос не приносит баллов. После завершения изменить ответы нельзя.',
  submitConfirm: 'Завершить',
  notKept: 'Не все ответы сохранены: нет связи. Проверьте сеть и повторите.',
  timeOverTitle: 'Время вышло',
  timeOverText: 'Засчитаны ответы, сохранённые до окончания времени.',

  resultTitle: 'Результат',
  passed: 'Тест сдан',
  failed: 'Тест не сдан',
  score: (points: string, all: string) => `${points} из ${all} баллов`,
  percent: (n: number) => `${n} %`,
  passMark: (n: number) => `Проходной балл — ${n} %`,
  rightness: { right: 'Верно', partly: 'Отчасти верно', wrong: 'Неверно' },
  yourAnswer: 'Ваш ответ',
  rightAnswer: 'Верный ответ',
  noAnswer: 'нет ответа',
  explanation: 'Пояснение',
  feedbackHidden: 'Разбор ответов по этому тесту не показывается.',
  feedbackLater: 'Верные ответы откроются, когда вы сдадите тест.',
  attempts: 'Мои попытки',
  attempt: (n: number) => `Попытка ${n}`,
};
