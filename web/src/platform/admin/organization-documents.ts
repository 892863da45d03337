import { graphql, type ResultOf } from '#platform/client';

const ShadesParts = graphql(`
  fragment ShadesParts on AccentShades @_unmask {
    chosen
    onLight
    onDark
  }
`);

const SettingsParts = graphql(
  `
  fragment TenantSettingsParts on TenantSettings @_unmask {
    version
    name
    shortName
    senderName
    replyTo
    defaultSenderName
    senderAddress
    changedAt
    changedBy
    look {
      logo
      language
      languages
      modulesOff
      accent {
        ...ShadesParts
      }
    }
    modules {
      name
      isOn
      goesWith
      title {
        ru
        en
      }
      meaning {
        ru
        en
      }
    }
  }
`,
  [ShadesParts],
);

export const OrganizationQuery = graphql(
  `
  query OrganizationSettings {
    tenantSettings {
      ...TenantSettingsParts
    }
  }
`,
  [SettingsParts],
);

export const AccentQuery = graphql(
  `
  query AccentPreview($accent: String!) {
    accentPreview(accent: $accent) {
      contrastOnLight
      contrastOnDark
      keptOnLight
      keptOnDark
      needed
      shades {
        ...ShadesParts
      }
    }
  }
`,
  [ShadesParts],
);

export const SetBrand = graphql(
  `
  mutation SetTenantBrand($input: TenantBrandInput!) {
    setTenantBrand(input: $input) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const SetLogo = graphql(
  `
  mutation SetTenantLogo($version: Int!, $file: ID!) {
    setTenantLogo(version: $version, file: $file) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const RemoveLogo = graphql(
  `
  mutation RemoveTenantLogo($version: Int!) {
    removeTenantLogo(version: $version) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const SetSender = graphql(
  `
  mutation SetTenantSender($input: TenantSenderInput!) {
    setTenantSender(input: $input) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const SetLanguages = graphql(
  `
  mutation SetTenantLanguages($input: TenantLanguagesInput!) {
    setTenantLanguages(input: $input) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

export const SetModules = graphql(
  `
  mutation SetTenantModules($input: TenantModulesInput!) {
    setTenantModules(input: $input) {
      settings {
        ...TenantSettingsParts
      }
    }
  }
`,
  [SettingsParts],
);

/** What an organization has set. */
export type OrganizationSettings = ResultOf<typeof SettingsParts>;
/** What would become of a colour. */
export type AccentPreview = ResultOf<typeof AccentQuery>['accentPreview'];
