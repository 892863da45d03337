import { expect, test } from 'vitest';
import { linkTo } from './history-links';

const everything = () => true;

test('what is named leads to its page', () => {
  expect(linkTo('a', everything, 'Course_1')).toMatchObject({
    to: '/t/$tenant/learning/courses/$id',
    params: { tenant: 'a', id: 'Course_1' },
  });
  expect(linkTo('a', everything, 'Campaign_1')).toMatchObject({ to: '/t/$tenant/mailings/$id' });
  expect(linkTo('a', everything, 'Session_1')).toMatchObject({ to: '/t/$tenant/sessions/$id' });
  expect(linkTo('a', everything, 'Document_1')).toMatchObject({ to: '/t/$tenant/documents/$id' });
});

test('where the reader may not go, no link leads', () => {
  const keeper = (permission: string) => permission === 'members.import';
  expect(linkTo('a', keeper, 'Campaign_1')).toBeNull();
  expect(linkTo('a', keeper, 'MemberImport_1')).not.toBeNull();
  expect(linkTo('a', everything, 'Unit_1')).toBeNull();
  expect(linkTo('a', everything, null)).toBeNull();
});
