import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { ParticipantsQuery } from '../documents';

/** Somebody who can be mentioned. */
export type Mentionable = { id: string; name: string };

const SHOWN = 8;

/** What is typed behind the last @ before the caret, when a name may be meant. */
export function mentionAt(text: string, caret: number): { from: number; typed: string } | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(«"])@([\p{L}\p{M}'’-]*(?: [\p{L}\p{M}'’-]*)?)$/u.exec(before);
  if (!match) return null;
  const typed = match[1] ?? '';
  return { from: caret - typed.length - 1, typed };
}

/** Participants whose names begin as what is typed behind an @. */
export function useMentions(channel: string, viewer: string | null) {
  const client = useClient();
  const [open, setOpen] = useState<{ from: number; typed: string } | null>(null);
  const [people, setPeople] = useState<readonly Mentionable[]>([]);
  const [active, setActive] = useState(0);
  const asked = useRef('');
  const typed = open?.typed ?? null;

  useEffect(() => {
    if (typed === null) {
      setPeople([]);
      return;
    }
    asked.current = typed;
    const timer = setTimeout(() => {
      const variables = { channel, search: typed, first: SHOWN + 1, after: null };
      void client
        .query(ParticipantsQuery, variables, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data }) => {
          if (asked.current !== typed) return;
          const found = data?.channel?.participants.nodes.map(({ person }) => person) ?? [];
          setPeople(found.filter((person) => person.id !== viewer).slice(0, SHOWN));
          setActive(0);
        });
    }, 120);
    return () => clearTimeout(timer);
  }, [client, channel, typed, viewer]);

  return {
    people: open ? people : [],
    active,
    move: (step: number) =>
      setActive((now) => (now + step + people.length) % Math.max(people.length, 1)),
    follow: (text: string, caret: number) => setOpen(mentionAt(text, caret)),
    from: open?.from ?? 0,
    close: () => setOpen(null),
  };
}
