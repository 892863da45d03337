import { Button, Group, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { readFailure, uploadFile, useFailureText } from '#platform/client';
import { Card, FailureState, ListSkeleton, Note, Page, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useRefusalText } from '../components/use-refusal-text';
import { BankListsQuery, CheckBankList } from '../documents';
import { duesTexts } from '../texts';

const TONES = { CHECKED: 'brand', RECORDED: 'good', DISCARDED: 'neutral' } as const;

/** Banks' lists: a new one, and those of before. */
export default function BankListsPage() {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const failureText = useFailureText();
  const refusalText = useRefusalText();
  const client = useClient();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [{ data, error }, retry] = useQuery({
    query: BankListsQuery,
    requestPolicy: 'network-only',
  });

  async function take(file: File | undefined) {
    if (!file || busy) return;
    setProblem(null);
    setBusy(t.uploading(file.name));
    const uploaded = await uploadFile(tenant.slug, file, () => {});
    if ('failure' in uploaded) {
      setBusy(null);
      setProblem(failureText(uploaded.failure));
      return;
    }
    setBusy(t.checking);
    const answer = await client.mutation(CheckBankList, { file: uploaded.file.id }).toPromise();
    setBusy(null);
    if (answer.error) setProblem(refusalText(answer.error));
    if (answer.data) void navigate(links.bankList(tenant.slug, answer.data.checkBankList.id));
  }

  return (
    <Page
      title={t.bankTitle}
      subtitle={t.bankHint}
      back={{ label: t.title, link: links.dues(tenant.slug) }}
      width="reading"
    >
      <Stack gap="lg">
        <Card>
          {problem && (
            <div style={{ marginBottom: 16 }}>
              <Note tone="bad">{problem}</Note>
            </div>
          )}
          <Group>
            <Button
              loading={busy !== null}
              leftSection={<Upload size={17} aria-hidden />}
              onClick={() => input.current?.click()}
            >
              {t.choose}
            </Button>
            {busy && <Text role="status">{busy}</Text>}
          </Group>
          <input
            ref={input}
            type="file"
            className="visually-hidden"
            tabIndex={-1}
            aria-label={t.file}
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }}
          />
        </Card>
        {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
        <Card title={t.earlier} padded={false}>
          {!data && !error && <ListSkeleton rows={3} />}
          {data?.bankLists.nodes.length === 0 && (
            <Text c="dimmed" className="card-edge" pb={20}>
              {t.earlierEmpty}
            </Text>
          )}
          <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {data?.bankLists.nodes.map((list) => (
              <li key={list.id}>
                <Link
                  {...links.bankList(tenant.slug, list.id)}
                  className="row-link card-edge"
                  style={{ paddingTop: 10, paddingBottom: 10 }}
                >
                  <Group gap={8}>
                    <Text fw={500}>{list.fileName}</Text>
                    <StateBadge tone={TONES[list.state]}>{t.listStates[list.state]}</StateBadge>
                  </Group>
                  <Text size="sm" c="dimmed">
                    {format.date(list.createdAt)} · {format.money(list.counts.totalKopecks)}
                  </Text>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      </Stack>
    </Page>
  );
}
