import { type FragmentOf, graphql, type ResultOf } from '#platform/client';

export const MessageParts = graphql(`
  fragment MessageParts on Message @_unmask {
    id
    clientId
    channel
    seq
    change
    kind
    isMine
    text
    at
    editedAt
    deleted
    session
    startsAt
    author {
      id
      name
    }
    replyTo {
      id
      seq
      text
      deleted
      author {
        id
        name
      }
    }
    files {
      width
      height
      file {
        id
        name
        sizeBytes
        url
      }
    }
    mentions {
      id
      name
    }
    reactions {
      emoji
      count
      mine
      people {
        id
        name
      }
    }
  }
`);

export const ChannelParts = graphql(`
  fragment ChannelParts on Channel @_unmask {
    id
    kind
    name
    subject
    unread
    mentions
    muted
    readSeq
    lastSeq
    lastAt
    colleague {
      id
      name
    }
    lastMessage {
      id
      kind
      text
      deleted
      isMine
      author {
        id
        name
      }
      files {
        file {
          id
          name
        }
      }
    }
  }
`);

/** A message as the server tells it. */
export type Message = FragmentOf<typeof MessageParts>;
/** A channel in the list. */
export type Channel = FragmentOf<typeof ChannelParts>;

export const ChannelsQuery = graphql(
  `
  query Channels($after: String) {
    channels(first: 100, after: $after) {
      nodes {
        ...ChannelParts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`,
  [ChannelParts],
);

export const ChannelListPushes = graphql(
  `
  subscription ChannelListPushes {
    channelList {
      gone
      unreadChannels
      changed {
        ...ChannelParts
      }
    }
  }
`,
  [ChannelParts],
);

export const UnreadQuery = graphql(`
  query UnreadChannels {
    unreadChannels
  }
`);

export const UnreadPushes = graphql(`
  subscription UnreadPushes {
    channelList {
      unreadChannels
    }
  }
`);

export const ChannelQuery = graphql(
  `
  query Channel($id: ID!) {
    channel(id: $id) {
      ...ChannelParts
      participantCount
      readByOthers
      viewerCan {
        moderate
        invite
        leave
      }
    }
  }
`,
  [ChannelParts],
);

/** An open channel. */
export type OpenChannel = NonNullable<ResultOf<typeof ChannelQuery>['channel']>;

export const MessagesQuery = graphql(
  `
  query Messages($channel: ID!, $after: Int, $before: Int, $first: Int!) {
    messages(channel: $channel, after: $after, before: $before, first: $first) {
      hasEarlier
      hasLater
      change
      messages {
        ...MessageParts
      }
    }
  }
`,
  [MessageParts],
);

/** A part of a conversation. */
export type MessagePage = ResultOf<typeof MessagesQuery>['messages'];

export const ChangesPushes = graphql(
  `
  subscription ChangesPushes($channel: ID!, $after: Int!) {
    channelChanges(channel: $channel, after: $after) {
      change
      readByOthers
      messages {
        ...MessageParts
      }
    }
  }
`,
  [MessageParts],
);

export const SendMessage = graphql(
  `
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      ...MessageParts
    }
  }
`,
  [MessageParts],
);

export const EditMessage = graphql(
  `
  mutation EditMessage($message: ID!, $text: String!, $mentions: [ID!]!) {
    editMessage(message: $message, text: $text, mentions: $mentions) {
      ...MessageParts
    }
  }
`,
  [MessageParts],
);

export const DeleteMessage = graphql(
  `
  mutation DeleteMessage($message: ID!) {
    deleteMessage(message: $message) {
      ...MessageParts
    }
  }
`,
  [MessageParts],
);

export const React = graphql(
  `
  mutation React($message: ID!, $emoji: String!, $on: Boolean!) {
    react(message: $message, emoji: $emoji, on: $on) {
      ...MessageParts
    }
  }
`,
  [MessageParts],
);

export const MarkRead = graphql(`
  mutation MarkRead($channel: ID!, $seq: Int!) {
    markRead(channel: $channel, seq: $seq) {
      id
      readSeq
    }
  }
`);

export const MuteChannel = graphql(`
  mutation MuteChannel($channel: ID!, $muted: Boolean!) {
    muteChannel(channel: $channel, muted: $muted) {
      id
      muted
    }
  }
`);

export const OpenDirect = graphql(`
  mutation OpenDirect($account: ID!) {
    openDirect(account: $account) {
      id
    }
  }
`);

export const CreateGroup = graphql(`
  mutation CreateGroup($name: String!, $accounts: [ID!]!) {
    createGroup(name: $name, accounts: $accounts) {
      id
    }
  }
`);

export const InviteToGroup = graphql(`
  mutation InviteToGroup($channel: ID!, $accounts: [ID!]!) {
    inviteToGroup(channel: $channel, accounts: $accounts) {
      id
      participantCount
    }
  }
`);

export const CreateUnitChannel = graphql(`
  mutation CreateUnitChannel($unit: ID!) {
    createUnitChannel(unit: $unit) {
      id
    }
  }
`);

export const LeaveGroup = graphql(`
  mutation LeaveGroup($channel: ID!) {
    leaveGroup(channel: $channel)
  }
`);

export const ParticipantsQuery = graphql(`
  query ChannelParticipants($channel: ID!, $search: String, $first: Int!, $after: String) {
    channel(id: $channel) {
      id
      participants(first: $first, after: $after, search: $search) {
        nodes {
          readSeq
          person {
            id
            name
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const RevisionsQuery = graphql(`
  query MessageRevisions($id: ID!) {
    node(id: $id) {
      __typename
      ... on Message {
        id
        revisions {
          text
          replacedAt
        }
      }
    }
  }
`);

export const SearchQuery = graphql(`
  query SearchMessages($query: String!, $channel: ID, $after: String) {
    searchMessages(query: $query, channel: $channel, first: 20, after: $after) {
      nodes {
        channel {
          id
          name
        }
        message {
          id
          seq
          text
          at
          author {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ColleaguesQuery = graphql(`
  query ChatColleagues($search: String) {
    colleagues(search: $search, first: 20) {
      nodes {
        id
        name
      }
    }
  }
`);

export const ChatUnitsQuery = graphql(`
  query ChatUnits($after: String) {
    units(first: 200, after: $after) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
