import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type ProviderReason, providerEntryTexts } from './provider-texts';
import type { WaitingStep } from './second-step';

const SignInOption = graphql(`
  query SignInOption($organization: String!) {
    signInOption(organization: $organization) {
      organization
      label
    }
  }
`);

const BeginProviderSignIn = graphql(`
  mutation BeginProviderSignIn($organization: String!, $returnTo: String) {
    beginProviderSignIn(organization: $organization, returnTo: $returnTo) {
      status
      url
    }
  }
`);

const LAST = 'plenum.organization';

type Option = { organization: string; label: string };

/** Sign-in by the organization's own provider, below the form. */
export default function ProviderEntry(props: { onSecondStep: (step: WaitingStep) => void }) {
  const t = useTexts(providerEntryTexts);
  const failureText = useFailureText();
  // What came back from a provider stands behind the hash of the address.
  const [facts] = useState(() => new URLSearchParams(location.hash.slice(1)));
  const [option, setOption] = useState<Option | null>(null);
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const reason = facts.get('reason');
  const step = facts.get('step');

  async function find(organization: string): Promise<Option | null> {
    const answer = await clientFor(null).query(SignInOption, { organization }).toPromise();
    if (answer.error) setFault(failureText(readFailure(answer.error)));
    return answer.data?.signInOption ?? null;
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address says is read once.
  useEffect(() => {
    // Not before this is on the page: what is rendered and thrown away must not use it up.
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search);
    if (step) {
      const factors = (facts.get('factors') ?? '').split(',') as WaitingStep['factors'];
      return props.onSecondStep({ ticket: step, factors });
    }
    const named = facts.get('by') ?? new URLSearchParams(location.search).get('organization');
    const known = named ?? localStorage.getItem(LAST);
    if (known) void find(known).then(setOption);
  }, []);

  async function begin(organization: string) {
    setBusy(true);
    setFault(null);
    const returnTo = new URLSearchParams(location.search).get('return');
    const answer = await clientFor(null)
      .mutation(BeginProviderSignIn, { organization, returnTo })
      .toPromise();
    const begun = answer.data?.beginProviderSignIn;
    if (begun?.status === 'OK' && begun.url) {
      localStorage.setItem(LAST, organization);
      location.assign(begun.url);
      return;
    }
    setBusy(false);
    if (answer.error) setFault(failureText(readFailure(answer.error)));
    else setFault(begun?.status === 'NO_PROVIDER' ? t.none : t.unavailable);
  }

  async function choose(event: FormEvent) {
    event.preventDefault();
    const organization = name.trim().toLowerCase();
    if (busy || !organization) return;
    setFault(null);
    const found = await find(organization);
    if (found) await begin(found.organization);
    else setFault((before) => before ?? t.none);
  }

  return (
    <Stack gap="sm">
      {reason && <Note tone="bad">{t.reasons[reason as ProviderReason] ?? t.reasons.failed}</Note>}
      {fault && <Note tone="bad">{fault}</Note>}
      {option && (
        <Button
          variant="default"
          size="md"
          fullWidth
          loading={busy}
          onClick={() => void begin(option.organization)}
        >
          {option.label}
        </Button>
      )}
      {!option && !asking && (
        <Anchor component="button" type="button" size="sm" onClick={() => setAsking(true)}>
          {t.open}
        </Anchor>
      )}
      {!option && asking && (
        <form onSubmit={choose} noValidate>
          <Stack gap="sm">
            <TextInput
              label={t.organization}
              description={t.organizationHint}
              name="organization"
              autoCapitalize="none"
              autoFocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={busy}>
              {t.find}
            </Button>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
