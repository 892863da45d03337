import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { graphql, readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { links } from '#platform/shell';
import { textParts } from './text-parts';
import { mailboxTexts } from './texts';

const LetterQuery = graphql(`
  query DevelopmentLetter($id: ID!) {
    developmentLetter(id: $id) {
      id
      from
      to
      subject
      sentAt
      text
      html
      attachments
    }
  }
`);

/** One letter. Its HTML is foreign content: it is shown in a frame that may not run scripts. */
export function LetterView(props: { id: string }) {
  const t = useTexts(mailboxTexts);
  const format = useFormat();
  const [{ data, error, fetching }, retry] = useQuery({
    query: LetterQuery,
    variables: { id: props.id },
  });
  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  if (fetching && !data) return <ListSkeleton rows={8} />;
  const letter = data?.developmentLetter;
  if (!letter) {
    return (
      <Text p="lg" c="dimmed">
        {t.gone}
      </Text>
    );
  }
  return (
    <article className="card-padded">
      <Anchor
        className="only-phone"
        size="sm"
        renderRoot={(rest) => <Link {...links.mailbox()} {...rest} />}
      >
        ← {t.back}
      </Anchor>
      <Title order={2} mb="sm">
        {letter.subject}
      </Title>
      <dl className="facts" style={{ marginBottom: 16 }}>
        <dt>{t.from}</dt>
        <dd>{letter.from}</dd>
        <dt>{t.to}</dt>
        <dd>{letter.to}</dd>
        <dt>{t.sent}</dt>
        <dd>{letter.sentAt && format.dateTime(letter.sentAt)}</dd>
        {letter.attachments.length > 0 && (
          <>
            <dt>{t.attachments}</dt>
            <dd>{letter.attachments.join(', ')}</dd>
          </>
        )}
      </dl>
      {letter.html ? (
        <iframe
          className="mailbox-frame"
          title={t.body(letter.subject)}
          sandbox="allow-top-navigation-by-user-activation allow-popups"
          srcDoc={`<base target="_top">${letter.html}`}
        />
      ) : (
        <PlainText text={letter.text} />
      )}
    </article>
  );
}

function PlainText(props: { text: string }) {
  return (
    <Text component="div" style={{ whiteSpace: 'pre-wrap' }}>
      {textParts(props.text).map((part) =>
        part.href ? (
          <Anchor key={part.at} href={part.href}>
            {part.text}
          </Anchor>
        ) : (
          <span key={part.at}>{part.text}</span>
        ),
      )}
    </Text>
  );
}
