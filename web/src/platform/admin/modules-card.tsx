import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { Card } from '#platform/design';
import { useLanguage, useTexts } from '#platform/languages';
import { type OrganizationSettings, SetModules } from './organization-documents';
import { organizationTexts } from './organization-texts';
import { ReasonDialog } from './reason-dialog';
import { useSettingsAct } from './use-settings-act';

/** What the organization does without. */
export function ModulesCard(props: { settings: OrganizationSettings }) {
  const t = useTexts(organizationTexts);
  const language = useLanguage();
  const { busy, act } = useSettingsAct(props.settings.version);
  const { modules } = props.settings;
  const before = modules.filter((module) => !module.isOn).map((module) => module.name);
  const [off, setOff] = useState(before);
  const [asking, setAsking] = useState(false);
  const title = (name: string) => modules.find((one) => one.name === name)?.title[language] ?? name;
  const leaving = off.filter((name) => !before.includes(name));
  const changed = leaving.length > 0 || before.some((name) => !off.includes(name));

  async function save(reason: string | null) {
    await act(SetModules, (version) => ({ input: { version, off, reason } }), t.saved);
    setAsking(false);
  }

  return (
    <Card title={t.modules}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t.modulesLead} {t.alwaysOn}
        </Text>
        {modules.map((module) => {
          const taken = module.goesWith.find((name) => off.includes(name));
          return (
            <Switch
              key={module.name}
              checked={!taken && !off.includes(module.name)}
              disabled={taken !== undefined}
              label={module.title[language]}
              description={taken ? t.goesWith(title(taken)) : module.meaning[language]}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                setOff((all) =>
                  on ? all.filter((name) => name !== module.name) : [...all, module.name],
                );
              }}
            />
          );
        })}
        <Group gap="sm">
          <Button
            loading={busy}
            disabled={!changed}
            onClick={() => (leaving.length > 0 ? setAsking(true) : void save(null))}
          >
            {t.save}
          </Button>
          {changed && (
            <Text size="sm" role="status">
              {t.modulesUnsaved}
            </Text>
          )}
        </Group>
      </Stack>
      {asking && (
        <ReasonDialog
          title={t.offTitle(leaving.map(title).join(', '))}
          text={t.offText}
          submit={t.off}
          busy={busy}
          onClose={() => setAsking(false)}
          onSubmit={(reason) => void save(reason)}
        />
      )}
    </Card>
  );
}
