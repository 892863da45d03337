import { Button, Group, Stack, Text } from '@mantine/core';
import { FileDown, IdCard, Printer } from 'lucide-react';
import { useEffect } from 'react';
import { useMutation, useQuery } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Note, Page, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useSessionFacts, useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { MyCardQuery, PrintMyCard } from './documents';
import { keepCard, keptCard } from './kept-card';
import { MembershipCard } from './membership-card';
import { portalTexts } from './texts';

/** The membership card by itself: to be shown, printed, kept as a PDF. */
export default function MyCardPage() {
  const t = useTexts(portalTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const account = useSessionFacts()?.viewer?.account.id ?? '';
  const [{ data, error }, retry] = useQuery({ query: MyCardQuery, requestPolicy: 'network-only' });
  const [{ fetching: printing }, print] = useMutation(PrintMyCard);
  const kept = error?.networkError ? keptCard(localStorage, tenant.id, account) : null;
  const card = data?.myCard ?? kept?.card ?? null;

  useEffect(() => {
    if (data) keepCard(localStorage, tenant.id, account, data.myCard, new Date());
  }, [data, tenant.id, account]);

  async function pdf() {
    const answer = await print({});
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    const url = answer.data?.printMyCard.file?.url;
    if (url) window.location.assign(url);
  }

  return (
    <Page
      title={t.cardTitle}
      back={{ label: t.back, link: links.portal(tenant.slug) }}
      width="reading"
    >
      {error && !kept && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {!data && !error && <ListSkeleton rows={4} />}
      {data && !data.myCard && (
        <EmptyState icon={IdCard} title={t.noRecordTitle} text={t.noRecordText} />
      )}
      {card && (
        <Stack gap="md">
          {kept && <Note tone="warn">{t.cardOffline(format.dateTime(kept.at))}</Note>}
          <MembershipCard card={card} />
          <Text size="sm" c="dimmed" className="no-print">
            {t.cardHint}
          </Text>
          <Group gap="sm" className="no-print">
            <Button
              variant="default"
              leftSection={<Printer size={16} aria-hidden />}
              onClick={() => window.print()}
            >
              {t.cardPrint}
            </Button>
            <Button
              variant="default"
              loading={printing}
              disabled={kept !== null}
              leftSection={<FileDown size={16} aria-hidden />}
              onClick={() => void pdf()}
            >
              {t.cardPdf}
            </Button>
          </Group>
        </Stack>
      )}
    </Page>
  );
}
