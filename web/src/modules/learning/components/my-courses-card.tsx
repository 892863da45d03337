import { useQuery } from 'urql';
import { Card } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { MyEnrolmentsQuery } from '../documents';
import { permissions } from '../permissions';
import { learningTexts } from '../texts';
import { EnrolmentRows } from './enrolment-rows';

/** On the home page: courses under way, the most urgent first. Nothing when there are none. */
export default function MyCoursesCard() {
  const t = useTexts(learningTexts);
  const { may } = useTenancy();
  const [{ data }] = useQuery({
    query: MyEnrolmentsQuery,
    variables: { first: 30, after: null },
    pause: !may(permissions.view),
  });
  const open = (data?.myEnrolments.nodes ?? [])
    .filter((one) => one.state === 'ENROLLED' || one.state === 'IN_PROGRESS')
    .sort((a, b) => (a.dueAt ?? '9999').localeCompare(b.dueAt ?? '9999'));
  if (open.length === 0) return null;
  return (
    <Card title={t.myCourses} padded={false}>
      <EnrolmentRows enrolments={open.slice(0, 4)} />
    </Card>
  );
}
