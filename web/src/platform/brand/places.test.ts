import { expect, test } from 'vitest';
import { moduleOf } from './places';

test.each([
  ['/t/alpha', null],
  ['/t/alpha/', null],
  ['/t/alpha/chat', 'chat'],
  ['/t/alpha/chat/Channel_1', 'chat'],
  ['/t/alpha/me', null],
  ['/t/alpha/me/dues', 'dues'],
  ['/t/alpha/sessions/Session_1', 'bodies'],
  ['/t/alpha/sessions/Session_1/room', 'meetings'],
  ['/t/alpha/tasks', 'documents'],
  ['/t/alpha/journals', 'documents'],
  ['/t/alpha/learning/courses/Course_1/study', 'learning'],
  ['/t/alpha/members', 'members'],
  ['/sign-in', null],
])('%s_is_a_page_of_%s', (path, module) => {
  expect(moduleOf(path)).toBe(module);
});
