import { Button, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Inbox, MailOpen, RotateCw } from 'lucide-react';
import { Provider, useQuery } from 'urql';
import { clientFor, graphql, readFailure } from '#platform/client';
import { ButtonLink, EmptyState, FailureState, ListSkeleton, Note } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { links } from '#platform/shell';
import { LetterView } from './letter-view';
import './mailbox.css';
import { mailboxTexts } from './texts';

const Letters = graphql(`
  query DevelopmentLetters {
    developmentMailbox(first: 100) {
      nodes {
        id
        to
        subject
        sentAt
      }
    }
  }
`);

/** Letters that were not sent anywhere, for trying the product out. */
export default function MailboxPage(props: { letter: string | null }) {
  const t = useTexts(mailboxTexts);
  const facts = useSessionFacts();
  return (
    <div style={{ maxWidth: 1180, margin: '0 auto', padding: '20px 16px 48px' }}>
      {facts?.installation.developmentMailbox ? (
        <Provider value={clientFor(null)}>
          <Mailbox letter={props.letter} />
        </Provider>
      ) : (
        <Note title={t.title}>{t.off}</Note>
      )}
    </div>
  );
}

function Mailbox(props: { letter: string | null }) {
  const t = useTexts(mailboxTexts);
  const format = useFormat();
  const [{ data, error, fetching }, refresh] = useQuery({ query: Letters });
  const letters = data?.developmentMailbox.nodes;
  return (
    <main id="main">
      <Group justify="space-between" mb="md" align="flex-start">
        <div style={{ flex: '1 1 260px' }}>
          <Title order={1}>{t.title}</Title>
          <Text c="dimmed">{t.lead}</Text>
        </div>
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<RotateCw size={16} aria-hidden />}
            loading={fetching && letters !== undefined}
            onClick={() => refresh({ requestPolicy: 'network-only' })}
          >
            {t.refresh}
          </Button>
          <ButtonLink link={{ to: '/' }} variant="light">
            {t.home}
          </ButtonLink>
        </Group>
      </Group>
      {error && (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => refresh({ requestPolicy: 'network-only' })}
        />
      )}
      {!letters && !error && <ListSkeleton rows={8} />}
      {letters?.length === 0 && (
        <div className="card">
          <EmptyState icon={Inbox} title={t.emptyTitle} text={t.emptyText} />
        </div>
      )}
      {letters && letters.length > 0 && (
        <div className="mailbox" data-reading={props.letter !== null}>
          <nav className="card mailbox-list-card" aria-label={t.letters}>
            <div className="list-rows mailbox-list">
              {letters.map((letter) => (
                <Link
                  key={letter.id}
                  {...links.letter(letter.id)}
                  className="row-link"
                  data-current={letter.id === props.letter}
                  style={{ padding: '10px 16px', borderRadius: 0 }}
                >
                  <Text size="sm" fw={600} className="truncate">
                    {letter.subject}
                  </Text>
                  <Text size="xs" c="dimmed" className="truncate">
                    {letter.to}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {letter.sentAt && format.dateTime(letter.sentAt)}
                  </Text>
                </Link>
              ))}
            </div>
          </nav>
          <div className="card mailbox-letter-card">
            {props.letter ? (
              <LetterView id={props.letter} />
            ) : (
              <EmptyState icon={MailOpen} title={t.choose} />
            )}
          </div>
        </div>
      )}
    </main>
  );
}
