import { graphql, type ResultOf } from '#platform/client';

const SecurityParts = graphql(`
  fragment SecurityParts on Security @_unmask {
    email
    emailVerified
    pendingEmail
    hasPassword
    totpSince
    passkeysAvailable
    passkeys {
      id
      name
      createdAt
      lastUsedAt
    }
    recoveryCodesLeft
    webSessions {
      id
      createdAt
      lastUsedAt
      browser
      system
      address
      isCurrent
    }
  }
`);

export const SecurityQuery = graphql(
  `
  query Security {
    viewer {
      account {
        id
        email
      }
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const ChangePassword = graphql(
  `
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      status
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const EndWebSession = graphql(
  `
  mutation EndWebSession($session: ID!) {
    endWebSession(session: $session) {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const EndOtherWebSessions = graphql(
  `
  mutation EndOtherWebSessions {
    endOtherWebSessions {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const MeansQuery = graphql(`
  query MeansOfConfirmation {
    viewer {
      security {
        totpSince
        recoveryCodesLeft
        passkeys {
          id
        }
      }
    }
  }
`);

export const ConfirmIdentity = graphql(`
  mutation ConfirmIdentity($proof: ProofInput!) {
    confirmIdentity(proof: $proof) {
      status
    }
  }
`);

export const StartTotp = graphql(`
  mutation StartTotp {
    startTotp {
      secret
      uri
      qr
    }
  }
`);

export const ProveTotp = graphql(
  `
  mutation ProveTotp($code: String!) {
    proveTotp(code: $code) {
      status
      recoveryCodes
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const RemoveTotp = graphql(
  `
  mutation RemoveTotp {
    removeTotp {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const RenewRecoveryCodes = graphql(
  `
  mutation RenewRecoveryCodes {
    renewRecoveryCodes {
      recoveryCodes
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const ChangeEmail = graphql(
  `
  mutation ChangeEmail($email: String!) {
    changeEmail(email: $email) {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const CancelEmailChange = graphql(
  `
  mutation CancelEmailChange {
    cancelEmailChange {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const StartPasskey = graphql(`
  mutation StartPasskey {
    startPasskey {
      ticket
      options
    }
  }
`);

export const AddPasskey = graphql(
  `
  mutation AddPasskey($input: PasskeyAnswerInput!, $name: String!) {
    addPasskey(input: $input, name: $name) {
      status
      recoveryCodes
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const RenamePasskey = graphql(
  `
  mutation RenamePasskey($passkey: ID!, $name: String!) {
    renamePasskey(passkey: $passkey, name: $name) {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const RemovePasskey = graphql(
  `
  mutation RemovePasskey($passkey: ID!) {
    removePasskey(passkey: $passkey) {
      security {
        ...SecurityParts
      }
    }
  }
`,
  [SecurityParts],
);

export const StartPasskeyConfirmation = graphql(`
  mutation StartPasskeyConfirmation {
    startPasskeyConfirmation {
      ticket
      options
    }
  }
`);

/** What the account is signed in by, and where. */
export type Security = ResultOf<typeof SecurityParts>;
/** A sign-in of a browser. */
export type WebSession = Security['webSessions'][number];
/** A passkey of the account. */
export type Passkey = Security['passkeys'][number];
/** What an authenticator needs. */
export type Totp = ResultOf<typeof StartTotp>['startTotp'];
