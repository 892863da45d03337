import { lazy } from 'react';
import { useTenancy } from '#platform/session';
import MemberPage from '../modules/members/pages/member-page';

const MemberDues = lazy(() => import('../modules/dues/components/member-dues'));

/** Where two modules meet on one page: the record of `members`, with its `dues` on a tab. */
export default function MemberRoute(props: { id: string }) {
  const { may } = useTenancy();
  return (
    <MemberPage
      id={props.id}
      dues={may('dues.view') ? <MemberDues member={props.id} /> : undefined}
    />
  );
}
