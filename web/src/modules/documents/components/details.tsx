import { Anchor, Group, Text } from '@mantine/core';
import { Download } from 'lucide-react';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { FullDocument } from '../documents';
import { documentsTexts } from '../texts';

type Props = { document: FullDocument };

/** The card's facts. */
export function CardFacts({ document }: Props) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { registration } = document;
  const facts: [string, string | null | undefined][] = [
    [
      t.registration,
      registration
        ? `${t.registered(registration.number, format.date(registration.at))}, ${registration.journal.name}`
        : t.notRegistered,
    ],
    [t.summary, document.summary],
    [t.receivedFrom, document.receivedFrom],
    [t.correspondent, document.receivedFrom ? null : document.correspondent],
    [t.theirNumber, document.theirNumber],
    [t.theirDate, document.theirDate && format.day(document.theirDate)],
    [t.author, document.author?.name],
    [t.executor, document.executor?.name],
    [t.unit, document.unit.name],
    [t.pages, document.pages === null ? null : String(document.pages)],
    [t.dueOn, document.dueOn && format.day(document.dueOn)],
    [t.tags, document.tags.join(', ')],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Versions of the file, the latest first. */
export function Versions({ document }: Props) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  return (
    <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {document.versions.map((version) => (
        <li key={version.id} style={{ padding: '10px 20px' }}>
          <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text fw={500}>{t.version(version.ordinal)}</Text>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {version.name}, {format.bytes(version.sizeBytes)}
              </Text>
              <Text size="sm" c="dimmed">
                {version.author?.name ?? t.platform} · {format.dateTime(version.createdAt)}
              </Text>
              {version.comment && <Text size="sm">«{version.comment}»</Text>}
              {version.flag && (
                <StateBadge tone="bad">{t.flags[version.flag] ?? t.flagTitle}</StateBadge>
              )}
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {t.hash} {version.sha256}
              </Text>
            </div>
            <Anchor href={version.url} download={version.name} size="sm" style={{ flex: 'none' }}>
              <Download size={15} aria-hidden /> {t.download}
            </Anchor>
          </Group>
        </li>
      ))}
    </ul>
  );
}

/** Signatures with whether they hold. */
export function Signatures({ document }: Props) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  return (
    <>
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {document.signatures.map((one) => (
          <li key={one.id} style={{ padding: '10px 20px' }}>
            <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Text fw={500}>
                  {one.signer}
                  {one.onBehalfOf && `, ${t.actedFor(one.onBehalfOf)}`}
                </Text>
                <Text size="sm" c="dimmed">
                  {format.dateTime(one.signedAt)} · {t.version(one.version)}
                </Text>
                <Text size="sm">{t.validity[one.validity]}</Text>
                {!one.appliesToLatest && <Text size="sm">{t.ofEarlierVersion(one.version)}</Text>}
              </div>
              <StateBadge tone={one.valid ? 'good' : 'bad'}>
                {one.valid ? t.signatureValid : t.signatureInvalid}
              </StateBadge>
            </Group>
          </li>
        ))}
        {document.removedSignatures.map((one) => (
          <li key={one.id} style={{ padding: '10px 20px' }}>
            <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Text fw={500}>
                  {one.signer?.name ?? t.platform}
                  {one.onBehalfOf && `, ${t.actedFor(one.onBehalfOf.name)}`}
                </Text>
                <Text size="sm" c="dimmed">
                  {format.dateTime(one.signedAt)} · {t.version(one.version)}
                </Text>
                <Text size="sm">{t.signatureRemovedText}</Text>
              </div>
              <StateBadge tone="bad">{t.signatureRemoved}</StateBadge>
            </Group>
          </li>
        ))}
        {document.statedSignatures.map((one) => (
          <li key={`${one.signer}${one.signedAt}`} style={{ padding: '10px 20px' }}>
            <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Text fw={500}>
                  {one.signer}
                  {one.onBehalfOf && `, ${t.actedFor(one.onBehalfOf)}`}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.statedSignatures}
                  {one.signedAt && ` · ${format.dateTime(one.signedAt)}`}
                </Text>
              </div>
              <StateBadge tone={one.matches ? 'good' : 'bad'}>
                {one.matches ? t.statedMatches : t.statedDiffers}
              </StateBadge>
            </Group>
          </li>
        ))}
      </ul>
      {document.signatureSheet && (
        <Anchor
          href={document.signatureSheet.url}
          download={document.signatureSheet.name}
          size="sm"
          style={{ display: 'inline-block', padding: '8px 20px 16px' }}
        >
          <Download size={15} aria-hidden /> {t.signatureSheet}
        </Anchor>
      )}
    </>
  );
}

/** Where it was sent, and what came back. */
export function Dispatches({ document }: Props) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  return (
    <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {document.dispatches.map((one) => (
        <li key={one.id} style={{ padding: '10px 20px' }}>
          <Text fw={500}>{one.recipient}</Text>
          <Text size="sm" c="dimmed">
            {format.dateTime(one.sentAt)} ·{' '}
            {one.theirNumber && one.theirDate
              ? t.receipt(one.theirNumber, format.day(one.theirDate))
              : t.onTheWay}
          </Text>
        </li>
      ))}
    </ul>
  );
}

/** What happened, the latest first. */
export function History({ document }: Props) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const detail = (what: string, words: string) =>
    what === 'edited'
      ? words
          .split(' ')
          .map((field) => t.cardFields[field] ?? field)
          .join(', ')
      : (t.flags[words] ?? words);
  return (
    <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {document.history.map((line) => (
        <li key={`${line.at}${line.what}${line.detail}`} style={{ padding: '8px 20px' }}>
          <Text size="sm">
            {t.events[line.what] ?? line.what}
            {line.detail && `: ${detail(line.what, line.detail)}`}
          </Text>
          <Text size="xs" c="dimmed">
            {line.person?.name ?? t.platform} · {format.dateTime(line.at)}
          </Text>
        </li>
      ))}
    </ul>
  );
}
