import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Note, Page, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { BankRows } from '../components/bank-rows';
import { useRefusalText } from '../components/use-refusal-text';
import { BankListQuery, DiscardBankList, RecordBankList } from '../documents';
import { duesTexts } from '../texts';

const TONES = { CHECKED: 'brand', RECORDED: 'good', DISCARDED: 'neutral' } as const;

/** One bank's list: what was found in it, and the decision. */
export default function BankListPage(props: { id: string }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const refusalText = useRefusalText();
  const { tenant } = useTenancy();
  const { ask, dialog } = useConfirm();
  const [revision, setRevision] = useState(0);
  const [, record] = useMutation(RecordBankList);
  const [, discard] = useMutation(DiscardBankList);
  const [{ data, error }, retry] = useQuery({
    query: BankListQuery,
    variables: { list: props.id },
  });
  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  if (!data) return <ListSkeleton rows={10} />;
  const list = data.bankList;
  if (!list) return <NotFoundPage />;
  const { counts } = list;
  const waiting = list.state === 'CHECKED';

  async function finish(
    answer: { error?: Parameters<typeof refusalText>[0] },
    status: string | undefined,
    done: string,
  ) {
    if (answer.error) toast.bad(refusalText(answer.error));
    else if (status === 'OK') toast.good(done);
    else toast.bad(t.wrongState);
    setRevision((n) => n + 1);
    retry({ requestPolicy: 'network-only' });
  }

  return (
    <Page
      title={list.fileName}
      subtitle={
        <Group gap={8}>
          <StateBadge tone={TONES[list.state]}>{t.listStates[list.state]}</StateBadge>
          <span>
            {list.unit?.name} · {format.dateTime(list.createdAt)}
          </span>
        </Group>
      }
      back={{ label: t.bank, link: links.bankLists(tenant.slug) }}
    >
      <Stack gap="lg">
        <Card>
          <dl className="facts">
            {(
              [
                ['MATCHED', counts.matched],
                ['UNMATCHED', counts.unmatched],
                ['DUPLICATE', counts.duplicates],
                ['UNREADABLE', counts.unreadable],
              ] as const
            ).map(([outcome, count]) => (
              <div key={outcome} style={{ display: 'contents' }}>
                <dt>{t.outcomes[outcome]}</dt>
                <dd>
                  <span className="tabular">{format.number(count)}</span>
                  {outcome === 'MATCHED' && ` · ${format.money(counts.totalKopecks)}`}
                  {count > 0 && (
                    <Text size="sm" c="dimmed">
                      {t.outcomeHints[outcome]}
                    </Text>
                  )}
                </dd>
              </div>
            ))}
          </dl>
          {waiting && counts.matched === 0 && (
            <div style={{ marginTop: 16 }}>
              <Note tone="warn">{t.nothingToRecord}</Note>
            </div>
          )}
          {waiting && (
            <Group mt="lg" gap="sm">
              {counts.matched > 0 && (
                <Button
                  onClick={() =>
                    ask({
                      title: t.recordListTitle,
                      text: t.recordListText(counts.matched, format.money(counts.totalKopecks)),
                      confirm: t.recordListConfirm,
                      run: async () => {
                        const answer = await record({ list: props.id });
                        const status = answer.data?.recordBankList.status;
                        await finish(answer, status, t.listRecorded);
                      },
                    })
                  }
                >
                  {t.recordList(counts.matched)}
                </Button>
              )}
              <Button
                variant="default"
                onClick={async () => {
                  const answer = await discard({ list: props.id });
                  await finish(answer, answer.data?.discardBankList.status, t.listDiscarded);
                }}
              >
                {t.discardList}
              </Button>
            </Group>
          )}
        </Card>
        <BankRows
          list={props.id}
          revision={revision}
          waiting={waiting}
          onAssigned={() => {
            setRevision((n) => n + 1);
            retry({ requestPolicy: 'network-only' });
          }}
        />
      </Stack>
      {dialog}
    </Page>
  );
}
