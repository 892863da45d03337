import {
  Button,
  Checkbox,
  Code,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { clientFor, type Failure, failureText, readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Note, Page, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { RemoveProvider, SetProvider, type Settings, SettingsQuery } from './documents';
import { type Fault, providerTexts } from './texts';

const EMPTY = {
  label: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  addressClaim: 'email',
  mailDomains: '',
  makesAccounts: false,
};
type Form = typeof EMPTY;
type Field = keyof Form;

function formOf(settings: Settings): Form {
  const { provider } = settings;
  if (!provider) return EMPTY;
  return {
    label: provider.label,
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: '',
    addressClaim: provider.addressClaim,
    mailDomains: provider.mailDomains.join(', '),
    makesAccounts: provider.makesAccounts,
  };
}

/** Where administrators set the organization's own provider of sign-in. */
export default function ProviderPage() {
  const { tenant } = useTenancy();
  const t = useTexts(providerTexts);
  const format = useFormat();
  const { ask, dialog } = useConfirm();
  const client = clientFor(tenant.slug);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [form, setForm] = useState<Form>(EMPTY);
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);

  function take(next: Settings) {
    setSettings(next);
    setForm(formOf(next));
    setFaults({});
    setFault(null);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks anew.
  useEffect(() => {
    let wanted = true;
    void client
      .query(SettingsQuery, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data, error }) => {
        if (!wanted) return;
        setFailure(error ? readFailure(error) : null);
        if (data) take(data.providerSettings);
      });
    return () => {
      wanted = false;
    };
  }, [attempt]);

  const field = (name: Exclude<Field, 'makesAccounts'>) => ({
    name,
    value: form[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
      setFaults((before) => ({ ...before, [name]: undefined }));
    },
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(null);
    const mailDomains = form.mailDomains.split(/[\s,;]+/).filter((domain) => domain !== '');
    const input = { ...form, mailDomains, clientSecret: form.clientSecret || null };
    const answer = await client.mutation(SetProvider, { input }).toPromise();
    setBusy(false);
    if (answer.error) {
      const refused = readFailure(answer.error);
      const named = refused.fields.map(({ path, reason }) => [
        path.replace(/^input\./, ''),
        t.faults[reason as Fault] ?? failureText(refused),
      ]);
      setFaults(Object.fromEntries(named));
      if (named.length === 0) setFault(failureText(refused));
      return;
    }
    if (!answer.data) return;
    const { status, settings: next } = answer.data.setProvider;
    if (status !== 'OK') return setFault(status === 'UNREACHABLE' ? t.unreachable : t.unusable);
    take(next);
    toast.good(t.saved);
  }

  async function remove() {
    const answer = await client.mutation(RemoveProvider, {}).toPromise();
    if (answer.error) return toast.bad(failureText(readFailure(answer.error)));
    if (answer.data) take(answer.data.removeProvider.settings);
    toast.good(t.removed);
  }

  const known = settings?.provider;
  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      back={{ label: t.back, link: links.security(tenant.slug) }}
      width="reading"
    >
      {failure && <FailureState failure={failure} onRetry={() => setAttempt((n) => n + 1)} />}
      {!failure && !settings && <ListSkeleton rows={8} />}
      {settings && (
        <Stack gap="lg">
          <Card title={t.atProvider}>
            <Text fw={500}>{t.redirectUri}</Text>
            <Code style={{ overflowWrap: 'anywhere' }}>{settings.redirectUri}</Code>
            <Text size="sm" c="dimmed" mt="xs">
              {t.redirectHint}
            </Text>
          </Card>
          <Card title={t.provider}>
            <form onSubmit={submit} noValidate>
              <Stack gap="md">
                {fault && <Note tone="bad">{fault}</Note>}
                <TextInput label={t.label} maxLength={60} {...field('label')} />
                <TextInput
                  label={t.issuer}
                  description={t.issuerHint}
                  inputMode="url"
                  autoCapitalize="none"
                  spellCheck={false}
                  {...field('issuer')}
                />
                <TextInput
                  label={t.clientId}
                  autoCapitalize="none"
                  spellCheck={false}
                  {...field('clientId')}
                />
                <PasswordInput
                  label={t.clientSecret}
                  description={known?.hasSecret ? t.secretKept : t.secretHint}
                  autoComplete="off"
                  {...field('clientSecret')}
                />
                <TextInput
                  label={t.addressClaim}
                  description={t.addressHint}
                  autoCapitalize="none"
                  {...field('addressClaim')}
                />
                <TextInput
                  label={t.mailDomains}
                  description={t.domainsHint}
                  autoCapitalize="none"
                  {...field('mailDomains')}
                />
                <Checkbox
                  label={t.makesAccounts}
                  description={t.makesHint}
                  checked={form.makesAccounts}
                  onChange={(event) => {
                    const makesAccounts = event.currentTarget.checked;
                    setForm((before) => ({ ...before, makesAccounts }));
                  }}
                />
                <Group justify="space-between">
                  <Button type="submit" loading={busy}>
                    {t.save}
                  </Button>
                  {known && (
                    <Button
                      variant="subtle"
                      color="red"
                      onClick={() =>
                        ask({
                          title: t.removeTitle,
                          text: t.removeText(format.number(known.links)),
                          confirm: t.remove,
                          danger: true,
                          run: remove,
                        })
                      }
                    >
                      {t.remove}
                    </Button>
                  )}
                </Group>
              </Stack>
            </form>
          </Card>
        </Stack>
      )}
      {dialog}
    </Page>
  );
}
