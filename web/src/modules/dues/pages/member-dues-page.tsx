import { useQuery } from 'urql';
import { Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import MemberDues from '../components/member-dues';
import { DuesQuery } from '../documents';
import { duesTexts } from '../texts';

/** A member's dues on a page of their own, for the treasurer. */
export default function MemberDuesPage(props: { member: string }) {
  const t = useTexts(duesTexts);
  const { tenant } = useTenancy();
  const [{ data }] = useQuery({ query: DuesQuery, variables: { member: props.member } });
  return (
    <Page
      title={data?.dues?.fullName ?? t.statement}
      subtitle={data?.dues?.unit.name}
      back={{ label: t.title, link: links.dues(tenant.slug) }}
      width="reading"
    >
      <MemberDues member={props.member} />
    </Page>
  );
}
