import { type FragmentOf, graphql, type VariablesOf } from '#platform/client';

export const CampaignRow = graphql(`
  fragment CampaignRow on Campaign @_unmask {
    id
    state
    subject
    updatedAt
    scheduledAt
    list {
      id
      name
    }
  }
`);

/** A campaign as lists show it. */
export type CampaignRowData = FragmentOf<typeof CampaignRow>;

export const CampaignsQuery = graphql(
  `
    query Campaigns($after: String) {
      campaigns(first: 50, after: $after) {
        nodes {
          ...CampaignRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [CampaignRow],
);

export const ListsQuery = graphql(`
  query MailingLists {
    mailingLists(first: 100) {
      nodes {
        id
        name
        description
        unitName
        unsubscribedCount
      }
    }
    bouncedAddresses(first: 100) {
      nodes {
        id
        address
        reason
        at
      }
    }
  }
`);

export const OptionsQuery = graphql(`
  query MailingOptions {
    mailingOptions {
      bodies {
        id
        name
      }
      courses {
        id
        name
      }
      channels {
        id
        name
        participants
      }
      fields {
        name
      }
    }
    mailingLists(first: 100) {
      nodes {
        id
        name
      }
    }
    units(first: 200) {
      nodes {
        id
        name
      }
    }
  }
`);

export const CampaignDetail = graphql(`
  fragment CampaignDetail on Campaign @_unmask {
    id
    state
    subject
    senderName
    byMail
    channels
    scheduledAt
    startedAt
    finishedAt
    isLedgerComplete
    list {
      id
      name
    }
    blocks {
      kind
      text
      items
      numbered
      label
      url
      file
      alt
    }
    audience {
      units
      offices
      ofPrimaries
      bodies
      ageFrom
      ageTo
      sex
      consent
      course
      courseProgress
      members
    }
    counts {
      total
      pending
      sending
      sent
      failed
      bounced
      skipped
      uncertain
    }
    excluded {
      reason
      count
    }
    viewerCan {
      edit
      send
    }
  }
`);

/** A campaign with everything. */
export type Campaign = FragmentOf<typeof CampaignDetail>;

export const CampaignQuery = graphql(
  `
    query Campaign($id: ID!) {
      node(id: $id) {
        __typename
        ... on Campaign {
          ...CampaignDetail
        }
      }
    }
  `,
  [CampaignDetail],
);

export const CampaignPushes = graphql(
  `
    subscription CampaignPushes($id: ID!) {
      campaign(id: $id) {
        ...CampaignDetail
      }
    }
  `,
  [CampaignDetail],
);

export const FailuresQuery = graphql(`
  query CampaignFailures($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      ... on Campaign {
        id
        deliveries(first: 50, after: $after, states: [BOUNCED, FAILED, UNCERTAIN, SKIPPED]) {
          nodes {
            id
            fullName
            address
            state
            reason
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

export const AudienceCountQuery = graphql(`
  query AudienceCount($list: ID!, $audience: MailingAudienceInput!) {
    audienceCount(list: $list, audience: $audience) {
      total
      recipients
      excluded {
        reason
        count
      }
    }
  }
`);

export const PreviewQuery = graphql(`
  query CampaignPreview($campaign: ID!, $member: ID) {
    previewCampaign(campaign: $campaign, member: $member) {
      to
      subject
      html
      text
    }
    node(id: $campaign) {
      __typename
      ... on Campaign {
        id
        sample {
          member
          fullName
        }
      }
    }
  }
`);

export const CreateList = graphql(`
  mutation CreateMailingList($input: MailingListInput!) {
    createMailingList(input: $input) {
      id
    }
  }
`);

export const CreateCampaign = graphql(`
  mutation CreateCampaign($input: CampaignInput!) {
    createCampaign(input: $input) {
      id
    }
  }
`);

export const UpdateCampaign = graphql(
  `
    mutation UpdateCampaign($campaign: ID!, $input: CampaignInput!) {
      updateCampaign(campaign: $campaign, input: $input) {
        ...CampaignDetail
      }
    }
  `,
  [CampaignDetail],
);

/** What an editor writes. */
export type CampaignInput = VariablesOf<typeof UpdateCampaign>['input'];

export const SendTest = graphql(`
  mutation SendTestLetter($campaign: ID!) {
    sendTestLetter(campaign: $campaign) {
      address
    }
  }
`);

export const StartCampaign = graphql(
  `
    mutation StartCampaign($campaign: ID!, $at: DateTime) {
      startCampaign(campaign: $campaign, at: $at) {
        status
        campaign {
          ...CampaignDetail
        }
      }
    }
  `,
  [CampaignDetail],
);

export const PauseCampaign = graphql(
  `
    mutation PauseCampaign($campaign: ID!) {
      pauseCampaign(campaign: $campaign) {
        status
        campaign {
          ...CampaignDetail
        }
      }
    }
  `,
  [CampaignDetail],
);

export const ResumeCampaign = graphql(
  `
    mutation ResumeCampaign($campaign: ID!) {
      resumeCampaign(campaign: $campaign) {
        status
        campaign {
          ...CampaignDetail
        }
      }
    }
  `,
  [CampaignDetail],
);

export const CancelCampaign = graphql(
  `
    mutation CancelCampaign($campaign: ID!) {
      cancelCampaign(campaign: $campaign) {
        status
        campaign {
          ...CampaignDetail
        }
      }
    }
  `,
  [CampaignDetail],
);

export const ExportDeliveries = graphql(`
  mutation ExportDeliveries($campaign: ID!) {
    exportDeliveries(campaign: $campaign) {
      id
      name
      url
    }
  }
`);

export const LiftBounce = graphql(`
  mutation LiftBounce($suppression: ID!) {
    liftBounce(suppression: $suppression) {
      done
    }
  }
`);

export const UnsubscriptionQuery = graphql(`
  query Unsubscription($token: String!) {
    unsubscription(token: $token) {
      listName
      organization
      address
      unsubscribed
    }
  }
`);

export const Unsubscribe = graphql(`
  mutation Unsubscribe($token: String!) {
    unsubscribe(token: $token) {
      unsubscribed
    }
  }
`);

export const Resubscribe = graphql(`
  mutation Resubscribe($token: String!) {
    resubscribe(token: $token) {
      unsubscribed
    }
  }
`);
