import { ArrowRightLeft, Inbox } from 'lucide-react';
import { useQuery } from 'urql';
import { ButtonLink } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { CorrectionCountQuery } from '../documents';
import { permissions } from '../permissions';
import { membersTexts } from '../texts';

/** The ways to what waits for the keeper. */
export function RegisterLinks() {
  const t = useTexts(membersTexts);
  const { tenant, may } = useTenancy();
  const approves = may(permissions.approve);
  const [{ data }] = useQuery({ query: CorrectionCountQuery, pause: !approves });
  const waiting = data?.correctionCount ?? 0;
  return (
    <>
      {approves && (
        <ButtonLink
          link={links.corrections(tenant.slug)}
          variant={waiting > 0 ? 'light' : 'default'}
          leftSection={<Inbox size={17} aria-hidden />}
        >
          {waiting > 0 ? t.correctionsWaiting(waiting) : t.corrections}
        </ButtonLink>
      )}
      {may(permissions.transfer) && (
        <ButtonLink
          link={links.transfers(tenant.slug)}
          variant="default"
          leftSection={<ArrowRightLeft size={17} aria-hidden />}
        >
          {t.transfers}
        </ButtonLink>
      )}
    </>
  );
}
