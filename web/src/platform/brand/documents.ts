import { graphql, type ResultOf } from '#platform/client';

const LookParts = graphql(`
  fragment LookParts on TenantLook @_unmask {
    version
    logo
    language
    languages
    modulesOff
    accent {
      steps
      darkTint
    }
  }
`);

export const LookQuery = graphql(
  `
  query TenantLook {
    tenantLook {
      ...LookParts
    }
    viewer {
      account {
        languageChosen
      }
    }
  }
`,
  [LookParts],
);

export const LookPushes = graphql(
  `
  subscription TenantLookPushes {
    tenantLook {
      ...LookParts
    }
  }
`,
  [LookParts],
);

export const MarkQuery = graphql(`
  query TenantMark($organization: String!) {
    tenantMark(organization: $organization) {
      shortName
      logo
      accent {
        steps
        darkTint
      }
    }
  }
`);

/** How an organization looks, and what else it has set. */
export type Look = ResultOf<typeof LookParts>;
/** Shades in which and on which text can be read. */
export type Accent = { steps: string[]; darkTint: string };
