import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useQuery } from 'urql';
import { Card, Note } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import {
  type AccentPreview,
  AccentQuery,
  type OrganizationSettings,
  SetBrand,
} from './organization-documents';
import { organizationTexts } from './organization-texts';
import { useSettingsAct } from './use-settings-act';

const COLOUR = /^#[0-9a-f]{6}$/i;
/** What the picker of colours shows while none is chosen: the product's own. */
const USUAL = '#1d4a7d';

/** Names and colour. */
export function BrandCard(props: { settings: OrganizationSettings }) {
  const t = useTexts(organizationTexts);
  const { busy, faults, act } = useSettingsAct(props.settings.version);
  const { settings } = props;
  const [name, setName] = useState(settings.name);
  const [shortName, setShortName] = useState(settings.shortName);
  const [accent, setAccent] = useState(settings.look.accent?.chosen ?? '');
  const colour = accent.trim();
  const [{ data }] = useQuery({
    query: AccentQuery,
    variables: { accent: colour },
    pause: !COLOUR.test(colour),
  });
  const preview = COLOUR.test(colour) ? data?.accentPreview : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    const input = { name, shortName, accent: colour || null };
    if (!busy) void act(SetBrand, (version) => ({ input: { version, ...input } }), t.saved);
  }

  return (
    <Card title={t.brand}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t.name}
            value={name}
            error={faults.name}
            maxLength={300}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t.shortName}
            description={t.shortNameHint}
            value={shortName}
            error={faults.shortName}
            maxLength={60}
            onChange={(event) => setShortName(event.currentTarget.value)}
          />
          <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
              label={t.accent}
              description={t.accentHint}
              placeholder={USUAL}
              value={accent}
              error={faults.accent}
              style={{ flex: 1 }}
              onChange={(event) => setAccent(event.currentTarget.value)}
            />
            <input
              type="color"
              className="organization-colour"
              aria-label={t.accentPick}
              value={COLOUR.test(colour) ? colour.toLowerCase() : USUAL}
              onChange={(event) => setAccent(event.currentTarget.value)}
            />
          </Group>
          {preview && preview.shades.chosen === colour.toLowerCase() && (
            <Shades preview={preview} />
          )}
          <Group gap="sm">
            <Button type="submit" loading={busy}>
              {t.save}
            </Button>
            {accent !== '' && (
              <Button variant="subtle" color="gray" onClick={() => setAccent('')}>
                {t.accentClear}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** What would be shown, in both schemes, and why. */
function Shades(props: { preview: AccentPreview }) {
  const t = useTexts(organizationTexts);
  const format = useFormat();
  const { preview } = props;
  const { shades } = preview;
  const ratio = (contrast: number) => `${format.number(contrast)}:1`;
  const samples = [
    { scheme: 'light', title: t.accentLight, text: shades.onLight },
    { scheme: 'dark', title: t.accentDark, text: shades.onDark },
  ];
  return (
    <Stack gap="sm" aria-live="polite">
      <div className="organization-samples">
        {samples.map(({ scheme, title, text }) => (
          <div key={scheme} className="organization-sample" data-scheme={scheme}>
            <Text size="xs">{title}</Text>
            <span style={{ color: text, fontWeight: 600 }}>{t.accentSample}</span>
            <span className="organization-sample-button" style={{ background: shades.onLight }}>
              {t.accentButton}
            </span>
          </div>
        ))}
      </div>
      {!preview.keptOnLight && (
        <Note tone="warn">
          {t.accentOnLight(ratio(preview.contrastOnLight), ratio(preview.needed), shades.onLight)}
        </Note>
      )}
      {!preview.keptOnDark && (
        <Note tone="neutral">
          {t.accentOnDark(ratio(preview.contrastOnDark), ratio(preview.needed), shades.onDark)}
        </Note>
      )}
      {preview.keptOnLight && preview.keptOnDark && <Note tone="good">{t.accentKept}</Note>}
    </Stack>
  );
}
