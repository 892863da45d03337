import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clientFor, failureText, readFailure } from '#platform/client';
import { ButtonLink, Card, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { LinkProvider, type OwnLink, OwnLinkQuery, UnlinkProvider } from './documents';
import { type LinkReason, providerTexts } from './texts';

/** What the way to the provider and back ended with stands behind the hash of the address; it is read once. */
function takeOutcome(): string | null {
  const outcome = new URLSearchParams(location.hash.slice(1)).get('provider');
  if (outcome) history.replaceState(history.state, '', location.pathname + location.search);
  return outcome;
}

/** Linking the viewer's account with the organization's own provider of sign-in. */
export function ProviderCard() {
  const { tenant, may } = useTenancy();
  const t = useTexts(providerTexts);
  const format = useFormat();
  const { ask, dialog } = useConfirm();
  const [link, setLink] = useState<OwnLink | null>(null);
  const [busy, setBusy] = useState(false);
  const client = clientFor(tenant.slug);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened.
  useEffect(() => {
    const outcome = takeOutcome();
    if (outcome === 'linked') toast.good(t.linked);
    else if (outcome) toast.bad(t.refused[outcome as LinkReason] ?? t.refused.failed);
    void client
      .query(OwnLinkQuery, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data }) => setLink(data?.ownProviderLink ?? null));
  }, []);

  async function begin() {
    setBusy(true);
    const answer = await client.mutation(LinkProvider, {}).toPromise();
    const begun = answer.data?.linkProvider;
    if (begun?.url) return location.assign(begun.url);
    setBusy(false);
    toast.bad(answer.error ? failureText(readFailure(answer.error)) : t.unavailable);
  }

  async function end() {
    const answer = await client.mutation(UnlinkProvider, {}).toPromise();
    if (answer.error) return toast.bad(failureText(readFailure(answer.error)));
    setLink(answer.data?.unlinkProvider.link ?? null);
    toast.good(t.unlinked);
    // A session that was begun by the provider is over with the link.
    if (link?.isCurrent) location.assign('/');
  }

  const manages = may('oidc.manage');
  if (!link && !manages) return null;
  return (
    <Card
      title={t.card}
      aside={
        manages && (
          <ButtonLink variant="default" size="sm" link={links.provider(tenant.slug)}>
            {t.manage}
          </ButtonLink>
        )
      }
    >
      {!link && <Text c="dimmed">{t.none}</Text>}
      {link && (
        <Group justify="space-between" align="flex-start" gap="md">
          <div style={{ flex: '1 1 280px' }}>
            <Text>{t.cardText(link.label)}</Text>
            {link.linkedSince && (
              <StateBadge tone="good">{t.linkedSince(format.date(link.linkedSince))}</StateBadge>
            )}
            {link.isCurrent && (
              <Text size="sm" c="dimmed" mt={4}>
                {t.isCurrent}
              </Text>
            )}
          </div>
          {link.linkedSince ? (
            <Button
              variant="default"
              size="sm"
              onClick={() =>
                ask({
                  title: t.unlinkTitle,
                  text: t.unlinkText,
                  confirm: t.unlink,
                  danger: true,
                  run: end,
                })
              }
            >
              {t.unlink}
            </Button>
          ) : (
            <Button variant="default" size="sm" loading={busy} onClick={() => void begin()}>
              {t.link}
            </Button>
          )}
        </Group>
      )}
      {dialog}
    </Card>
  );
}
