import type { ru } from './texts.ru';

export const en: typeof ru = {
  mark: 'Recording',
  recording: 'Recording',
  off: 'The session is not recorded.',
  since: (time) => `The session has been recorded since ${time}.`,
  start: 'Start recording',
  startTitle: 'Start recording?',
  startText:
    'All participants see the mark “Recording”, and the minutes say that there is one. It is kept for a year; that can be changed on the page “Recordings of the session”.',
  stop: 'Stop',
  stopTitle: 'Stop recording?',
  stopText:
    'The film appears on the page “Recordings of the session” as soon as it is ready. To start again makes another recording.',
  sessionOver: 'The session is already closed: it cannot be recorded.',
  underWay: 'The session is being recorded.',
  began: 'The recording of the session has begun.',
  ended: 'The recording has ended. The film appears on the page “Recordings of the session”.',

  title: 'Recordings of the session',
  back: 'To the session',
  beingMade: (time) =>
    `The session has been recorded since ${time}. It can be watched here when that has ended.`,
  emptyTitle: 'There are no recordings',
  emptyManager:
    'Enter the session and press “Start recording” above the agenda. The film appears here when you stop.',
  emptyReader:
    'The chair or the secretary starts a recording in the session’s room. The film can be watched here.',
  emptyOver: 'This session was not recorded.',
  refusedTitle: 'These recordings are not open to you',
  refusedText: 'Those who are invited to the session see them.',
  when: (day, from, to) => `${day}, ${from}–${to}`,
  units: { hour: 'h', minute: 'min', second: 's' },
  keptUntil: (day) => `kept until ${day}`,
  states: {
    COMPOSING: 'The film is being made',
    READY: 'Ready to watch',
    FAILED: 'The film was not made',
  },
  composing: 'You may close the page: the work goes on.',
  composed: (percent) => `${percent}\u00a0% done`,
  failedTitle: 'The film could not be made',
  failedManager:
    'What was recorded is kept, nothing is lost. Try again. If it fails once more, ask the administrator of the platform.',
  failedReader:
    'What was recorded is kept, nothing is lost. The chair or the secretary can have the film made again.',
  again: 'Try again',
  removed: (when) => `The recording was removed: ${when}.`,
  nothing: (when) => `There was nothing to record: nobody was seen or heard ${when}.`,
  watch: 'Watch',
  download: 'Download',
  film: (when) => `Film of the session, ${when}`,
  chapters: 'Items of the agenda',
  brokenTitle: 'The film cannot be opened',
  brokenText: 'Check the network and try again. You can also download the film.',
  remove: 'Remove',
  removeTitle: 'Remove the recording?',
  removeText: (when) =>
    `All that was recorded ${when} is lost: the film and the marks of the items in it. Nobody can watch or download it any more. It cannot be undone.`,
  removedNow: 'The recording was removed.',
  keep: 'Keep until…',
  keepTitle: 'How long the recording is kept',
  keepUntil: 'Keep until',
  keepText: 'After this day the recording is removed by itself.',
  keepSave: 'Save',
  keepFaults: {
    missing: 'Enter a day.',
    past: 'This day is over.',
    too_late: 'At most five years from today.',
  },
  keptNow: (day) => `The recording is kept until ${day}.`,
};
