import { Anchor, Button, NativeSelect, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, EmptyState, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { membersTexts } from '../texts';
import { type HistoryEntry, HistoryQuery } from './documents';
import './history.css';
import { byDay, TOPICS, type Topic, topicOf } from './history-kinds';
import { linkTo } from './history-links';
import { sentenceOf } from './sentences';
import { recordTexts } from './texts';

/** Everything that happened to a record, day by day, the latest first; or what happened of one kind. */
export function HistoryTab(props: { member: string; revision: number }) {
  const t = useTexts(recordTexts);
  const format = useFormat();
  const client = useClient();
  const [topic, setTopic] = useState<Topic | null>(null);
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<HistoryEntry>(
    `${props.member}/${props.revision}/${topic}`,
    async (after) => {
      const kinds = topic && [...TOPICS[topic].kinds];
      const answer = await client
        .query(HistoryQuery, { id: props.member, after, kinds }, { requestPolicy: 'network-only' })
        .toPromise();
      const node = answer.data?.node;
      return {
        page: node?.__typename === 'Member' ? node.history : undefined,
        error: answer.error,
      };
    },
  );
  return (
    <>
      <NativeSelect
        label={t.historyTopic}
        maw={320}
        mb="md"
        value={topic ?? ''}
        onChange={(event) => setTopic((event.currentTarget.value || null) as Topic | null)}
      >
        <option value="">{t.historyAll}</option>
        {Object.keys(TOPICS).map((one) => (
          <option key={one} value={one}>
            {t.topics[one as Topic]}
          </option>
        ))}
      </NativeSelect>
      {failure && <FailureState failure={failure} onRetry={reload} />}
      {loading && <ListSkeleton rows={8} />}
      {!failure && !loading && (
        <Card padded={false}>
          {rows.length === 0 && (
            <EmptyState
              icon={History}
              title={topic ? t.historyNoneOf : t.historyEmpty}
              action={
                topic && (
                  <Button variant="default" size="sm" onClick={() => setTopic(null)}>
                    {t.historyShowAll}
                  </Button>
                )
              }
            />
          )}
          {byDay(rows).map(({ day, entries }) => {
            const date = format.date(entries[0]?.at ?? '');
            return (
              <section key={day} aria-label={date}>
                <div className="history-day">{date}</div>
                <ol className="history-facts list-rows">
                  {entries.map((entry, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: entries only append at the end.
                    <Fact key={index} entry={entry} />
                  ))}
                </ol>
              </section>
            );
          })}
          {hasMore && (
            <div className="card-padded">
              <Button variant="default" size="sm" onClick={loadMore}>
                {t.loadMore}
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  );
}

function Fact({ entry }: { entry: HistoryEntry }) {
  const t = useTexts(recordTexts);
  const { offices } = useTexts(membersTexts);
  const format = useFormat();
  const { tenant, may } = useTenancy();
  const sentence = sentenceOf(entry, t, offices, format);
  // Another organization's things cannot be opened from here.
  const link = entry.organization ? null : linkTo(tenant.slug, may, entry.subject);
  const topic = topicOf(entry.kind);
  const Icon = TOPICS[topic].icon;
  return (
    <li className="history-fact">
      <Icon size={19} role="img" aria-label={t.topics[topic]} />
      <div>
        <Text component="div">
          {sentence.text}
          {sentence.label && (
            <>
              {': '}
              {link ? (
                <Anchor underline="always" renderRoot={(rest) => <Link {...link} {...rest} />}>
                  {sentence.label}
                </Anchor>
              ) : (
                sentence.label
              )}
            </>
          )}
        </Text>
        {sentence.details.map((detail) => (
          <Text key={detail} size="sm">
            {detail}
          </Text>
        ))}
        <Text size="sm" c="dimmed">
          {[
            format.time(entry.at),
            entry.actorName ?? t.system,
            entry.organization && t.inOrganization(entry.organization),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
    </li>
  );
}
