import { graphql, type ResultOf } from '#platform/client';

const LinkParts = graphql(`
  fragment LinkParts on OwnProviderLink @_unmask {
    label
    linkedSince
    isCurrent
  }
`);

export const OwnLinkQuery = graphql(
  `
  query OwnProviderLink {
    ownProviderLink {
      ...LinkParts
    }
  }
`,
  [LinkParts],
);

export const LinkProvider = graphql(`
  mutation LinkProvider {
    linkProvider {
      status
      url
    }
  }
`);

export const UnlinkProvider = graphql(
  `
  mutation UnlinkProvider {
    unlinkProvider {
      done
      link {
        ...LinkParts
      }
    }
  }
`,
  [LinkParts],
);

const SettingsParts = graphql(`
  fragment ProviderSettingsParts on ProviderSettings @_unmask {
    redirectUri
    provider {
      label
      issuer
      clientId
      hasSecret
      addressClaim
      makesAccounts
      mailDomains
      changedAt
      links
    }
  }
`);

export const SettingsQuery = graphql(
  `
  query ProviderSettings {
    providerSettings {
      ...ProviderSettingsParts
    }
  }
`,
  [SettingsParts],
);

export const SetProvider = graphql(
  `
  mutation SetProvider($input: ProviderInput!) {
    setProvider(input: $input) {
      status
      settings {
        ...ProviderSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const RemoveProvider = graphql(
  `
  mutation RemoveProvider {
    removeProvider {
      status
      settings {
        ...ProviderSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

/** The viewer's own link with the organization's provider. */
export type OwnLink = ResultOf<typeof LinkParts>;
/** The organization's provider, and what to enter there. */
export type Settings = ResultOf<typeof SettingsParts>;
