import { Button, Checkbox, CloseButton, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { SearchQuery } from '../documents';
import { chatTexts } from '../texts';

/** Finds messages in all of the reader's chats, or in the open one. */
export function SearchPanel(props: { channel: string | null; onClose: () => void }) {
  const t = useTexts(chatTexts);
  const [typed, setTyped] = useState('');
  const [query, setQuery] = useState('');
  const [here, setHere] = useState(false);
  const channel = here ? props.channel : null;

  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <section className="chat-search" aria-label={t.search}>
      <div className="chat-search-head">
        <TextInput
          type="search"
          value={typed}
          data-autofocus
          ref={focusOnce}
          aria-label={t.search}
          placeholder={t.searchPlaceholder}
          leftSection={<Search size={16} aria-hidden />}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
          style={{ flex: 1 }}
        />
        <CloseButton size="lg" aria-label={t.closeSearch} onClick={props.onClose} />
      </div>
      {props.channel && (
        <Checkbox
          size="sm"
          mx={16}
          mb={10}
          label={t.searchHere}
          checked={here}
          onChange={(event) => setHere(event.currentTarget.checked)}
        />
      )}
      {query ? (
        <Results key={`${query}|${channel}`} query={query} channel={channel} />
      ) : (
        <p className="chat-search-hint chat-dim">{t.searchHint}</p>
      )}
    </section>
  );
}

function focusOnce(input: HTMLInputElement | null) {
  input?.focus();
}

function Results(props: { query: string; channel: string | null }) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const client = useClient();
  const { tenant } = useTenancy();
  const { query, channel } = props;
  const found = usePaged(`${query}|${channel}`, async (after) => {
    const answer = await client
      .query(SearchQuery, { query, channel, after }, { requestPolicy: 'network-only' })
      .toPromise();
    return { page: answer.data?.searchMessages, error: answer.error };
  });
  if (found.failure) return <FailureState failure={found.failure} onRetry={found.reload} />;
  if (found.loading) return <ListSkeleton rows={5} height={48} />;
  if (found.rows.length === 0) {
    return (
      <p className="chat-search-hint" role="status">
        {t.searchEmpty}
      </p>
    );
  }
  return (
    <div className="chat-search-results">
      <ul className="chat-list">
        {found.rows.map(({ channel: where, message }) => (
          <li key={message.id}>
            <Link {...links.channel(tenant.slug, where.id, message.seq)} className="chat-found">
              <span className="chat-list-line">
                <strong className="truncate" style={{ flex: 1 }}>
                  {message.author?.name ?? t.platform}
                </strong>
                <span className="chat-list-time">{format.day(message.at.slice(0, 10))}</span>
              </span>
              <span className="chat-dim truncate">{where.name}</span>
              <span className="chat-found-text">{message.text}</span>
            </Link>
          </li>
        ))}
      </ul>
      {found.hasMore && (
        <Button variant="subtle" fullWidth onClick={found.loadMore}>
          {t.showMore}
        </Button>
      )}
    </div>
  );
}
