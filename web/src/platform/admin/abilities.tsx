import { Text } from '@mantine/core';
import { useLanguage, useTexts } from '#platform/languages';
import { bySection } from './sections';
import { adminTexts } from './texts';

type Held = {
  permission: string;
  because: readonly {
    title: { ru: string; en: string };
    unitName: string;
    office: string | null;
  }[];
};

/** What somebody can do, by section, each with the roles that give it. */
export function Abilities(props: { held: readonly Held[]; title: (permission: string) => string }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  return (
    <div className="admin-permissions">
      {bySection(props.held, (one) => one.permission).map(([section, held]) => (
        <fieldset key={section} className="admin-section">
          <legend>{t.sections[section] ?? section}</legend>
          <ul className="admin-rows">
            {held.map((one) => (
              <li key={one.permission} style={{ marginBottom: 10 }}>
                <Text>{props.title(one.permission)}</Text>
                <Text size="sm" c="dimmed">
                  {t.because(
                    [
                      ...new Set(
                        one.because.map(
                          (grant) => `${grant.title[language]} (${grant.office ?? grant.unitName})`,
                        ),
                      ),
                    ].join(', '),
                  )}
                </Text>
              </li>
            ))}
          </ul>
        </fieldset>
      ))}
    </div>
  );
}
