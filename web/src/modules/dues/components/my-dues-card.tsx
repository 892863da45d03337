import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { ButtonLink, Card, FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { MyDuesQuery } from '../documents';
import { permissions } from '../permissions';
import { duesTexts } from '../texts';
import { BalanceCard } from './balance-card';

/** The viewer's own dues in short, for the portal. */
export default function MyDuesCard() {
  const t = useTexts(duesTexts);
  const { tenant, may } = useTenancy();
  const visible = may(permissions.own);
  const [{ data, error }, retry] = useQuery({ query: MyDuesQuery, pause: !visible });
  if (!visible) return null;
  if (error) {
    return (
      <Card title={t.myDues}>
        <FailureState failure={readFailure(error)} onRetry={() => retry()} />
      </Card>
    );
  }
  if (!data) {
    return (
      <Card title={t.myDues}>
        <ListSkeleton rows={3} />
      </Card>
    );
  }
  if (!data.myDues) return null;
  return (
    <BalanceCard dues={data.myDues} title={t.myDues}>
      <ButtonLink link={links.myDues(tenant.slug)} variant="light" size="sm" mt="md">
        {t.myDuesOpen}
      </ButtonLink>
    </BalanceCard>
  );
}
