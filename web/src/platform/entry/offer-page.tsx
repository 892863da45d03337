import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Provider, useMutation, useQuery } from 'urql';
import {
  clientFor,
  graphql,
  type ResultOf,
  readFailure,
  tokenChanged,
  useFailureText,
} from '#platform/client';
import { ButtonLink, FailureState, ListSkeleton, Note } from '#platform/design';
import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { reloadSession, useSessionFacts } from '#platform/session';
import { EntryFrame, links } from '#platform/shell';
import { offerTexts } from './offer-texts';

const InvitationOfferQuery = graphql(`
  query InvitationOffer($organization: String!, $token: String!) {
    invitationOffer(organization: $organization, token: $token) {
      state
      organization
      invitedBy
      email
      name
      role {
        ru
        en
      }
      unitName
      until
      expiresAt
      way
      refusal
    }
  }
`);

const AcceptInvitation = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      status
    }
  }
`);

const SignOutToAccept = graphql(`
  mutation SignOutToAccept {
    signOut {
      done
    }
  }
`);

type Offer = ResultOf<typeof InvitationOfferQuery>['invitationOffer'];

/** Where the link of an invitation leads. Nothing changes until the button is pressed: programs open links ahead. */
export default function OfferPage() {
  const t = useTexts(offerTexts);
  return (
    <EntryFrame title={t.title}>
      <div className="card card-padded entry-panel">
        <Opened />
      </div>
    </EntryFrame>
  );
}

function Opened() {
  const { organization = '' } = useParams({ strict: false });
  const search: Record<string, unknown> = useSearch({ strict: false });
  const token = typeof search.token === 'string' ? search.token : '';
  // Signing out forgets the clients: whoever opened the page is asked for anew.
  const account = useSessionFacts()?.viewer?.account.id ?? '';
  return (
    <Provider key={account} value={clientFor(null)}>
      <Link organization={organization} token={token} />
    </Provider>
  );
}

function Link(props: { organization: string; token: string }) {
  const t = useTexts(offerTexts);
  const [{ data, error }, again] = useQuery({
    query: InvitationOfferQuery,
    variables: { organization: props.organization, token: props.token },
    requestPolicy: 'network-only',
  });
  const refresh = () => again({ requestPolicy: 'network-only' });
  const offer = data?.invitationOffer;
  if (error) return <FailureState failure={readFailure(error)} onRetry={refresh} />;
  if (!offer) return <ListSkeleton rows={5} />;
  if (offer.state === 'WAITING') return <Waiting {...props} offer={offer} onChanged={refresh} />;
  const [title, text] = t.ended[offer.state](offer.organization ?? '', offer.invitedBy ?? null);
  return (
    <Stack gap="md">
      <Title order={1}>{title}</Title>
      <Text>{text}</Text>
      <ButtonLink
        size="md"
        variant={offer.state === 'ACCEPTED' ? 'filled' : 'default'}
        link={offer.state === 'ACCEPTED' ? links.home(props.organization) : links.signIn()}
      >
        {offer.state === 'ACCEPTED' ? t.open : t.toSignIn}
      </ButtonLink>
    </Stack>
  );
}

function Waiting(props: {
  organization: string;
  token: string;
  offer: Offer;
  onChanged: () => void;
}) {
  const t = useTexts(offerTexts);
  const { offer } = props;
  return (
    <Stack gap="md">
      <Title order={1}>{t.heading(offer.organization ?? '')}</Title>
      <Facts offer={offer} />
      {offer.refusal ? (
        <Note tone="bad" title={t.refusedTitle}>
          <Text>{t.refusals[offer.refusal](offer.invitedBy ?? null)}</Text>
        </Note>
      ) : (
        <Way {...props} />
      )}
    </Stack>
  );
}

function Facts(props: { offer: Offer }) {
  const t = useTexts(offerTexts);
  const language = useLanguage();
  const format = useFormat();
  const { offer } = props;
  const lastDay = offer.until && new Date(new Date(offer.until).getTime() - 1).toISOString();
  return (
    <dl className="facts">
      <dt>{t.role}</dt>
      <dd style={{ fontWeight: 600 }}>{offer.role?.[language]}</dd>
      <dt>{t.unit}</dt>
      <dd>{offer.unitName}</dd>
      <dt>{t.term}</dt>
      <dd>{lastDay ? t.until(format.date(lastDay)) : t.endless}</dd>
      {offer.invitedBy && (
        <>
          <dt>{t.invitedBy}</dt>
          <dd>{offer.invitedBy}</dd>
        </>
      )}
      <dt>{t.email}</dt>
      <dd style={{ overflowWrap: 'anywhere' }}>{offer.email}</dd>
      <dt>{t.expires}</dt>
      <dd>{offer.expiresAt && format.dateTime(offer.expiresAt)}</dd>
    </dl>
  );
}

/** What whoever opened the link can do: accept, sign in first, or sign out of another account. */
function Way(props: { organization: string; token: string; offer: Offer; onChanged: () => void }) {
  const t = useTexts(offerTexts);
  const failureText = useFailureText();
  const here = useLocation({ select: (location) => location.href });
  const viewer = useSessionFacts()?.viewer?.account;
  const [leaving, leave] = useMutation(SignOutToAccept);
  const { fault, busy, accept } = useAccept(props);
  const { offer } = props;
  const email = offer.email ?? '';

  async function signOut() {
    const answer = await leave({});
    if (!answer.error) await reloadSession();
  }

  const away = (
    <Anchor component="button" type="button" size="sm" onClick={() => void signOut()}>
      {t.signOut}
    </Anchor>
  );
  switch (offer.way) {
    case 'SIGN_IN':
      return (
        <>
          <Text>{t.signInText(email)}</Text>
          <ButtonLink size="md" fullWidth link={links.signIn(here)}>
            {t.signIn}
          </ButtonLink>
        </>
      );
    case 'ACCEPT':
      return (
        <>
          <Text>{t.acceptText(viewer?.displayName ?? '')}</Text>
          {fault && <Note tone="bad">{fault}</Note>}
          <Button size="md" fullWidth loading={busy} onClick={() => void accept({})}>
            {t.accept}
          </Button>
          {away}
        </>
      );
    case 'NEW_ACCOUNT':
      return <NewAccount offer={offer} fault={fault} busy={busy} onAccept={accept} />;
    default:
      return (
        <>
          <Note tone="warn">
            {offer.way === 'OTHER_SIGN_IN' ? t.otherSignIn : t.other(viewer?.email ?? '', email)}
          </Note>
          {leaving.error && <Note tone="bad">{failureText(readFailure(leaving.error))}</Note>}
          <Button size="md" fullWidth loading={leaving.fetching} onClick={() => void signOut()}>
            {t.signOutAndGoOn}
          </Button>
        </>
      );
  }
}

type Chosen = { name?: string; password?: string };

/** Accepts; what was refused is told, and what has changed is shown. */
function useAccept(props: { organization: string; token: string; onChanged: () => void }) {
  const t = useTexts(offerTexts);
  const language = useLanguage();
  const failureText = useFailureText();
  const navigate = useNavigate();
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function accept(chosen: Chosen) {
    setBusy(true);
    setFault(null);
    const { organization, token } = props;
    const input = {
      organization,
      token,
      language: language === 'en' ? ('EN' as const) : ('RU' as const),
      ...chosen,
    };
    const answer = await clientFor(null).mutation(AcceptInvitation, { input }).toPromise();
    const status = answer.data?.acceptInvitation.status;
    if (status === 'OK') {
      tokenChanged();
      await reloadSession();
      await navigate(links.home(organization));
      return;
    }
    setBusy(false);
    if (answer.error) {
      const failure = readFailure(answer.error);
      const own = failure.fields.map((field) => t.reasons[field.reason]).find(Boolean);
      setFault(own ?? failureText(failure));
    } else if (status === 'PASSWORD_TOO_SHORT') setFault(t.tooShort);
    else if (status === 'PASSWORD_BREACHED') setFault(t.breached);
    else props.onChanged();
  }

  return { fault, busy, accept };
}

/** The address has no account: its holder chooses a name and a password. */
function NewAccount(props: {
  offer: Offer;
  fault: string | null;
  busy: boolean;
  onAccept: (chosen: Chosen) => Promise<void>;
}) {
  const t = useTexts(offerTexts);
  const [name, setName] = useState(props.offer.name ?? '');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (props.busy) return;
    if (!name.trim()) return setMissing(true);
    await props.onAccept({ name: name.trim(), password });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text>{t.newText}</Text>
        <input type="hidden" name="email" autoComplete="username" value={props.offer.email ?? ''} />
        <TextInput
          label={t.name}
          name="name"
          autoComplete="name"
          size="md"
          maxLength={300}
          value={name}
          error={missing && !name.trim() ? t.nameMissing : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t.password}
          description={t.passwordHint}
          name="new-password"
          autoComplete="new-password"
          size="md"
          value={password}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {props.fault && <Note tone="bad">{props.fault}</Note>}
        <Button type="submit" size="md" fullWidth loading={props.busy}>
          {t.accept}
        </Button>
      </Stack>
    </form>
  );
}
