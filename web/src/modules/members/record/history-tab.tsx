import { Anchor, Button, Text } from '@mantine/core';
import { Link, type LinkOptions } from '@tanstack/react-router';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { membersTexts } from '../texts';
import { type HistoryEntry, HistoryQuery } from './documents';
import { sentenceOf } from './sentences';
import { recordTexts } from './texts';

/** Where the subject of an entry is shown, when it has a page in this organization. */
function linkTo(tenant: string, subject: string | null): LinkOptions | null {
  switch (subject?.split('_')[0]) {
    case 'Session':
      return links.session(tenant, subject ?? '');
    case 'Body':
      return links.body(tenant, subject ?? '');
    case 'Document':
      return links.document(tenant, subject ?? '');
    case 'Task':
      return links.tasks(tenant);
    case 'MemberImport':
      return links.memberImport(tenant, subject ?? '');
    case 'Correction':
      return links.corrections(tenant);
    case 'MemberTransfer':
      return links.transfers(tenant);
    default:
      return null;
  }
}

/** Everything that happened to a record, the latest first. */
export function HistoryTab(props: { member: string; revision: number }) {
  const t = useTexts(recordTexts);
  const { offices } = useTexts(membersTexts);
  const format = useFormat();
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<HistoryEntry>(
    `${props.member}/${props.revision}`,
    async (after) => {
      const answer = await client
        .query(HistoryQuery, { id: props.member, after }, { requestPolicy: 'network-only' })
        .toPromise();
      const node = answer.data?.node;
      return {
        page: node?.__typename === 'Member' ? node.history : undefined,
        error: answer.error,
      };
    },
  );
  if (failure) return <FailureState failure={failure} onRetry={reload} />;
  if (loading) return <ListSkeleton rows={8} />;
  return (
    <Card padded={false}>
      {rows.length === 0 && (
        <Text c="dimmed" className="card-padded">
          {t.historyEmpty}
        </Text>
      )}
      <ol className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {rows.map((entry, index) => {
          const sentence = sentenceOf(entry, t, offices, format);
          // Another organization's things cannot be opened from here.
          const link = entry.organization ? null : linkTo(tenant.slug, entry.subject);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries only append at the end.
            <li key={index} className="card-edge" style={{ paddingTop: 12, paddingBottom: 12 }}>
              <Text component="div">
                {sentence.text}
                {sentence.label && (
                  <>
                    {': '}
                    {link ? (
                      <Anchor
                        underline="always"
                        renderRoot={(rest) => <Link {...link} {...rest} />}
                      >
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
                  format.dateTime(entry.at),
                  entry.actorName ?? t.system,
                  entry.organization && t.inOrganization(entry.organization),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </li>
          );
        })}
      </ol>
      {hasMore && (
        <div className="card-padded">
          <Button variant="default" size="sm" onClick={loadMore}>
            {t.loadMore}
          </Button>
        </div>
      )}
    </Card>
  );
}
