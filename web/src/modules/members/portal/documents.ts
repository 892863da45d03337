import { graphql, type ResultOf } from '#platform/client';

export const MyRecordQuery = graphql(`
  query MyRecord {
    myRecord {
      id
      fullName
      surname
      givenName
      patronymic
      birthDate
      sex
      phone
      email
      workplace
      position
      joinedOn
      cardNumber
      state
      consentState
      unit {
        id
        name
      }
      consents {
        act
        textVersion
        on
        source
        recordedAt
      }
      corrections(first: 5) {
        nodes {
          id
          state
          requestedAt
          decidedAt
          reason
          changes {
            field
            old
            new
          }
        }
      }
    }
    myCard {
      fullName
      organization
      unit
      cardNumber
      issuedOn
      verifyUrl
      qrSvg
      valid
    }
  }
`);

type Portal = ResultOf<typeof MyRecordQuery>;
export type MyRecord = NonNullable<Portal['myRecord']>;
export type CardFacts = NonNullable<Portal['myCard']>;

export const MyCardQuery = graphql(`
  query MyCard {
    myCard {
      fullName
      organization
      unit
      cardNumber
      issuedOn
      verifyUrl
      qrSvg
      valid
    }
  }
`);

export const PrintMyCard = graphql(`
  mutation PrintMyCard {
    printMyCard {
      status
      file {
        id
        url
      }
    }
  }
`);

export const RequestCorrection = graphql(`
  mutation RequestCorrection($input: RequestCorrectionInput!) {
    requestCorrection(input: $input) {
      status
      correction {
        id
      }
    }
  }
`);

export const ConsentTextQuery = graphql(`
  query ConsentText {
    consentText {
      version
      title
      text
    }
  }
`);

export const GiveConsent = graphql(`
  mutation GiveConsent($textVersion: String!) {
    giveConsent(textVersion: $textVersion) {
      status
      member {
        id
        consentState
      }
    }
  }
`);

export const WithdrawConsent = graphql(`
  mutation WithdrawConsent {
    withdrawConsent {
      status
      member {
        id
        consentState
      }
    }
  }
`);

export const VerifyCardQuery = graphql(`
  query VerifyCard($token: String!) {
    verifyCard(token: $token) {
      valid
      fullName
      organization
    }
  }
`);
