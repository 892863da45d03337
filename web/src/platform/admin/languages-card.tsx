import { Button, Checkbox, Group, NativeSelect, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type OrganizationSettings, SetLanguages } from './organization-documents';
import { organizationTexts } from './organization-texts';
import { useSettingsAct } from './use-settings-act';

type Code = OrganizationSettings['look']['language'];
const ALL: readonly Code[] = ['RU', 'EN'];

/** Which languages the organization speaks. */
export function LanguagesCard(props: { settings: OrganizationSettings }) {
  const t = useTexts(organizationTexts);
  const { busy, faults, act } = useSettingsAct(props.settings.version);
  const { look } = props.settings;
  const [language, setLanguage] = useState<Code>(look.language);
  const [offered, setOffered] = useState<string[]>(look.languages);

  function submit(event: FormEvent) {
    event.preventDefault();
    const languages = ALL.filter((code) => offered.includes(code));
    const input = { language, languages };
    if (!busy) void act(SetLanguages, (version) => ({ input: { version, ...input } }), t.saved);
  }

  return (
    <Card title={t.languages}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <NativeSelect
            label={t.language}
            description={t.languageHint}
            value={language}
            error={faults.language}
            data={ALL.map((code) => ({ value: code, label: t.languageNames[code] }))}
            onChange={(event) => setLanguage(event.currentTarget.value === 'EN' ? 'EN' : 'RU')}
          />
          <Checkbox.Group label={t.offered} value={offered} onChange={setOffered}>
            <Group mt={8}>
              {ALL.map((code) => (
                <Checkbox key={code} value={code} label={t.languageNames[code]} />
              ))}
            </Group>
          </Checkbox.Group>
          <div>
            <Button type="submit" loading={busy}>
              {t.save}
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  );
}
