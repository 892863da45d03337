import { ActionIcon, Modal, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Bell,
  BellOff,
  ChevronLeft,
  EllipsisVertical,
  LogOut,
  Search,
  UserPlus,
  Users,
} from 'lucide-react';
import { type DragEvent, lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { type Failure, readFailure, useSocketState } from '#platform/client';
import { ButtonLink, EmptyState, FailureState, ListSkeleton, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { Dropdown } from '#platform/design/dropdown';
import { useFormat, useTexts } from '#platform/languages';
import { useSessionFacts, useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import {
  LeaveGroup,
  type Message,
  MuteChannel,
  type OpenChannel,
  RevisionsQuery,
} from '../documents';
import { useConversation } from '../state/use-conversation';
import { chatTexts } from '../texts';
import { ChannelAvatar } from './avatar';
import { Composer } from './composer';
import { MessageList } from './message-list';
import type { MessageActions } from './message-row';
import { ParticipantsDialog } from './participants-dialog';
import { useUploads } from './use-uploads';
import { useWording } from './use-wording';

const InviteDialog = lazy(() => import('./invite-dialog'));

/** One channel: what is said in it, and where to answer. */
export function ConversationView(props: { id: string; goTo: number | null; onSearch: () => void }) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const viewer = useSessionFacts()?.viewer?.account.id ?? null;
  const talk = useConversation(props.id, props.goTo);
  const uploads = useUploads();
  const confirm = useConfirm();
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [history, setHistory] = useState<Message | null>(null);
  const [over, setOver] = useState(false);
  const { state, channel } = talk;
  const moderate = channel?.viewerCan.moderate ?? false;

  // Kept in a ref, so that rows which did not change are not drawn again.
  const said = useRef(talk);
  said.current = talk;
  const complain = useCallback(
    (failure: Failure | null) => {
      if (failure) toast.bad(failureText(failure));
      return failure === null;
    },
    [failureText],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once for a channel; the texts follow at its next opening.
  const actions: MessageActions = useMemo(
    () => ({
      reply: (message) => {
        setEditing(null);
        setReplyTo(message);
      },
      edit: (message) => {
        setReplyTo(null);
        setEditing(message);
      },
      remove: (message) =>
        confirm.ask({
          title: t.removeTitle,
          text: message.isMine ? t.removeText : t.removeOtherText,
          confirm: t.remove,
          danger: true,
          run: async () => complain(await said.current.remove(message.id)),
        }),
      react: (message, emoji, on) => void said.current.react(message.id, emoji, on).then(complain),
      history: setHistory,
      goTo: (seq) => void navigate(links.channel(tenant.slug, props.id, seq)),
    }),
    [props.id],
  );

  if (talk.gone) {
    return (
      <EmptyState
        icon={Users}
        title={t.goneTitle}
        text={t.goneText}
        action={<ButtonLink link={links.chat(tenant.slug)}>{t.toChats}</ButtonLink>}
      />
    );
  }
  if (talk.failure && !channel) {
    return (
      <div className="card-padded">
        <FailureState failure={talk.failure} onRetry={talk.retry} />
      </div>
    );
  }
  if (!channel) return <ListSkeleton rows={9} height={36} />;

  function editLast() {
    const own = state.messages.findLast(
      (message) => message.isMine && message.kind === 'TEXT' && !message.deleted,
    );
    if (own) setEditing(own);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    uploads.add(event.dataTransfer.files);
  }

  return (
    <section
      className="chat-conversation"
      aria-label={t.conversation(channel.name)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <Head channel={channel} onChanged={talk.setChannel} onSearch={props.onSearch} />
      <MessageList
        label={t.conversation(channel.name)}
        state={state}
        readBefore={talk.readBefore}
        readByOthers={talk.readByOthers}
        moderate={moderate}
        found={props.goTo}
        actions={actions}
        onMore={talk.more}
        onLatest={() => void talk.jump(null)}
        onRead={talk.markRead}
        onRetry={talk.outbox.retry}
        onGiveUp={talk.outbox.giveUp}
      />
      <Composer
        channel={props.id}
        viewer={viewer}
        uploads={uploads}
        replyTo={replyTo}
        editing={editing}
        onSend={(draft) => {
          if (state.hasLater) void talk.jump(null);
          talk.outbox.send(draft);
        }}
        onSave={async (text, mentions) =>
          editing === null || complain(await talk.edit(editing.id, text, mentions))
        }
        onCancel={() => {
          setReplyTo(null);
          setEditing(null);
        }}
        onEditLast={editLast}
      />
      {over && <div className="chat-drop">{t.dropHere}</div>}
      {confirm.dialog}
      <History message={history} onClose={() => setHistory(null)} />
    </section>
  );
}

function Head(props: {
  channel: OpenChannel;
  onChanged: (channel: OpenChannel) => void;
  onSearch: () => void;
}) {
  const t = useTexts(chatTexts);
  const client = useClient();
  const navigate = useNavigate();
  const socket = useSocketState();
  const failureText = useWording();
  const { tenant } = useTenancy();
  const confirm = useConfirm();
  const [people, setPeople] = useState(false);
  const [inviting, setInviting] = useState(false);
  const { channel } = props;

  async function mute() {
    const muted = !channel.muted;
    const answer = await client.mutation(MuteChannel, { channel: channel.id, muted }).toPromise();
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    else props.onChanged({ ...channel, muted });
  }

  function leave() {
    confirm.ask({
      title: t.leaveTitle,
      text: t.leaveText,
      confirm: t.leave,
      danger: true,
      run: async () => {
        const answer = await client.mutation(LeaveGroup, { channel: channel.id }).toPromise();
        if (answer.error) toast.bad(failureText(readFailure(answer.error)));
        else await navigate(links.chat(tenant.slug));
      },
    });
  }

  const items = [
    {
      id: 'people',
      content: t.participantsTitle,
      icon: <Users size={17} aria-hidden />,
      onChoose: () => setPeople(true),
    },
    ...(channel.viewerCan.invite
      ? [
          {
            id: 'invite',
            content: t.inviteTitle,
            icon: <UserPlus size={17} aria-hidden />,
            onChoose: () => setInviting(true),
          },
        ]
      : []),
    {
      id: 'mute',
      content: channel.muted ? t.unmute : t.mute,
      icon: channel.muted ? <Bell size={17} aria-hidden /> : <BellOff size={17} aria-hidden />,
      onChoose: () => void mute(),
    },
    ...(channel.viewerCan.leave
      ? [{ id: 'leave', content: t.leave, icon: <LogOut size={17} aria-hidden />, onChoose: leave }]
      : []),
  ];
  const about =
    channel.kind === 'DIRECT'
      ? t.kinds.DIRECT
      : `${t.participants(channel.participantCount)} · ${t.kinds[channel.kind]}`;
  return (
    <header className="chat-head">
      <Link {...links.chat(tenant.slug)} className="chat-back only-phone" aria-label={t.back}>
        <ChevronLeft size={24} aria-hidden />
      </Link>
      <ChannelAvatar channel={channel} />
      <div className="chat-head-text">
        <h2 className="truncate">{channel.name}</h2>
        <div className="chat-dim truncate" role="status">
          {socket === 'reconnecting' ? t.connecting : about}
        </div>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={40}
        aria-label={t.search}
        title={t.search}
        onClick={props.onSearch}
      >
        <Search size={19} aria-hidden />
      </ActionIcon>
      <Dropdown
        label={t.channelMenu}
        button={<EllipsisVertical size={20} aria-hidden />}
        buttonClass="chat-tool chat-tool-large"
        align="end"
        items={items}
      />
      {confirm.dialog}
      {people && (
        <ParticipantsDialog
          channel={channel.id}
          onClose={() => setPeople(false)}
          onInvite={
            channel.viewerCan.invite
              ? () => {
                  setPeople(false);
                  setInviting(true);
                }
              : null
          }
        />
      )}
      {inviting && (
        <Suspense fallback={null}>
          <InviteDialog
            channel={channel}
            onClose={() => setInviting(false)}
            onInvited={(participantCount) => props.onChanged({ ...channel, participantCount })}
          />
        </Suspense>
      )}
    </header>
  );
}

function History(props: { message: Message | null; onClose: () => void }) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const [{ data }] = useQuery({
    query: RevisionsQuery,
    variables: { id: props.message?.id ?? '' },
    pause: props.message === null,
    requestPolicy: 'network-only',
  });
  const node = data?.node;
  const revisions =
    node?.__typename === 'Message' && node.id === props.message?.id ? node.revisions : null;
  return (
    <Modal
      opened={props.message !== null}
      onClose={props.onClose}
      title={t.revisionsTitle}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {!revisions && <ListSkeleton rows={3} />}
      {revisions?.map((revision) => (
        <div key={revision.replacedAt} style={{ marginBottom: 16 }}>
          <Text size="sm" c="dimmed">
            {t.revisionUntil(format.dateTime(revision.replacedAt))}
          </Text>
          <p className="chat-text">{revision.text}</p>
        </div>
      ))}
    </Modal>
  );
}
