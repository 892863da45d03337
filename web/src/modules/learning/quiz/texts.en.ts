import { pluralEn } from '#platform/languages';
import type { ru } from './texts.ru';

export const en: typeof ru = {
  questionOf: (n) => `Question ${n}`,
  points: (n) => pluralEn(n, '# point', '# points'),
  howTo: {
    SINGLE: 'Choose one answer.',
    MULTIPLE: 'Choose all right answers.',
    MATCHING: 'Choose the match for each line.',
    NUMERIC: 'Enter a number. A comma or a point may set off the fraction.',
    SHORT_TEXT: 'Enter a short answer: a word or a few words.',
  },
  chooseMatch: 'Choose the match…',
  takenMatch: (text) => `${text} (chosen already)`,
  notANumber: 'This is not a number. Only digits are needed, such as 12.5.',

  rulesTitle: 'Before you start',
  ruleQuestions: (n) => pluralEn(n, '# question', '# questions'),
  ruleTime: (n) => `${pluralEn(n, '# minute', '# minutes')} to take it`,
  ruleTimeText:
    'The time runs from pressing “Start” and does not stop, even if the page is closed. Answers sent after the time is over are not counted.',
  ruleNoTime: 'No time limit',
  ruleNoTimeText: 'You may stop and come back: answers are kept.',
  ruleAttempts: (left, all) => `${pluralEn(left, '# attempt', '# attempts')} left of ${all}`,
  ruleAttemptsFree: 'Any number of attempts',
  ruleAttemptsText: 'The best result counts.',
  rulePass: (percent) => `${percent}% are needed to pass`,
  ruleSaved: 'Answers are kept as you go.',
  start: 'Start',
  again: 'Take it again',
  resume: 'Continue the attempt',
  noAttemptsLeft: 'No attempts left',
  noAttemptsLeftText: 'Ask the teacher: they can grant another attempt.',
  preview: 'This is a preview: those enrolled in the course can take the quiz.',
  notReady: 'The quiz has no questions yet.',

  timeLeft: 'Time left',
  timeLeftSaid: (seconds) =>
    seconds >= 60
      ? `${pluralEn(Math.round(seconds / 60), '# minute', '# minutes')} left`
      : `${pluralEn(seconds, '# second', '# seconds')} left`,
  keeping: {
    saved: 'All answers are kept',
    saving: 'Saving…',
    waiting: 'No connection. Answers will be kept when it is back',
    refused: 'The answer was not accepted. Check it',
    over: 'The time is over, answers are no longer accepted',
  },
  answeredOf: (n, all) => `${n} of ${all} answered`,
  toQuestion: (n, answered) => `Question ${n}: ${answered ? 'answered' : 'no answer'}`,
  questions: 'Questions',
  submit: 'Finish and check',
  submitTitle: 'Finish the attempt?',
  submitAll: 'You have answered every question. Answers cannot be changed afterwards.',
  submitMissing: (numbers) =>
    numbers.length === 1
      ? `Question ${numbers[0]} has no answer.`
      : `Questions without an answer: ${numbers.join(', ')}.`,
  submitMissingText:
    'A question without an answer earns no points. Answers cannot be changed afterwards.',
  submitConfirm: 'Finish',
  notKept: 'Not all answers are kept: there is no connection. Check the network and try again.',
  timeOverTitle: 'The time is over',
  timeOverText: 'Answers kept before the time was over are counted.',

  resultTitle: 'Result',
  passed: 'Passed',
  failed: 'Not passed',
  score: (points, all) => `${points} of ${all} points`,
  percent: (n) => `${n}%`,
  passMark: (n) => `${n}% are needed to pass`,
  rightness: { right: 'Right', partly: 'Partly right', wrong: 'Wrong' },
  yourAnswer: 'Your answer',
  rightAnswer: 'Right answer',
  noAnswer: 'no answer',
  explanation: 'Explanation',
  feedbackHidden: 'This quiz does not show which answers were right.',
  feedbackLater: 'The right answers are shown once you pass.',
  attempts: 'My attempts',
  attempt: (n) => `Attempt ${n}`,
};
