import { Anchor, Button } from '@mantine/core';
import { Download, Paperclip } from 'lucide-react';
import type { MouseEvent } from 'react';
import { type Client, useClient } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { type LiveSession, SessionQuery } from './documents';

/** A file of a session. */
type SessionFile = LiveSession['agenda'][number]['materials'][number];

/**
 * Links to files live ten minutes, pages stay open for hours: the address is asked anew at the
 * click. `href` stays for those who open it in another tab at once.
 */
export function FileLink(props: {
  session: string;
  file: SessionFile;
  look: 'line' | 'button';
  children: string;
}) {
  const client = useClient();
  const { file } = props;

  async function open(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const url = await freshUrl(client, props.session, file.id);
    if (!url) return;
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = file.name;
    anchor.click();
  }

  const onClick = (event: MouseEvent) => void open(event);
  if (props.look === 'button') {
    return (
      <Button
        component="a"
        href={file.url}
        variant="light"
        leftSection={<Download size={17} aria-hidden />}
        onClick={onClick}
      >
        {props.children}
      </Button>
    );
  }
  return (
    <Anchor
      href={file.url}
      size="sm"
      style={{ display: 'flex', alignItems: 'center', gap: 6, marginTop: 4 }}
      onClick={onClick}
    >
      <Paperclip size={15} aria-hidden style={{ flex: 'none' }} />
      {props.children}
    </Anchor>
  );
}

async function freshUrl(client: Client, session: string, file: string): Promise<string | null> {
  const answer = await client
    .query(SessionQuery, { id: session }, { requestPolicy: 'network-only' })
    .toPromise();
  if (answer.error) toast.bad(failureText(readFailure(answer.error)));
  const node = answer.data?.node;
  if (node?.__typename !== 'Session') return null;
  const files = [node.minutes, ...node.agenda.flatMap((item) => item.materials)];
  return files.find((candidate) => candidate?.id === file)?.url ?? null;
}
