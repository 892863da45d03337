import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Moon, Sun } from 'lucide-react';
import { clientFor, graphql } from '#platform/client';
import {
  type Language,
  setLanguage,
  useLanguage,
  useLanguageChoice,
  useTexts,
} from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { shellTexts } from './texts';

const SetLanguage = graphql(`
  mutation SetLanguage($language: Language!) {
    setLanguage(language: $language) {
      id
      language
    }
  }
`);

/** Switches to the other language, here and, when signed in, in the account. */
export function useSwitchLanguage(): () => void {
  const current = useLanguage();
  const signedIn = useSessionFacts()?.viewer != null;
  return () => {
    const next: Language = current === 'ru' ? 'en' : 'ru';
    setLanguage(next);
    // If the server is out of reach the choice still holds on this device.
    if (signedIn) {
      void clientFor(null)
        .mutation(SetLanguage, { language: next === 'ru' ? 'RU' : 'EN' })
        .toPromise();
    }
  };
}

/** Switches between the light and the dark theme. */
export function useSwitchTheme(): { dark: boolean; switchTheme: () => void } {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return { dark, switchTheme: () => setColorScheme(dark ? 'light' : 'dark') };
}

/** The two switches as they stand in a page's head. */
export function PreferenceButtons() {
  const t = useTexts(shellTexts);
  const language = useLanguage();
  const choice = useLanguageChoice();
  const switchLanguage = useSwitchLanguage();
  const { dark, switchTheme } = useSwitchTheme();
  return (
    <>
      {choice && (
        <Button
          variant="subtle"
          color="gray"
          c="inherit"
          size="compact-md"
          px={8}
          h={36}
          aria-label={t.language}
          onClick={switchLanguage}
        >
          {language === 'ru' ? 'RU' : 'EN'}
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={36}
        aria-label={dark ? t.themeLight : t.themeDark}
        onClick={switchTheme}
      >
        {dark ? <Sun size={18} /> : <Moon size={18} />}
      </ActionIcon>
    </>
  );
}
