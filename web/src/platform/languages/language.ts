import { useSyncExternalStore } from 'react';

/** Languages of the interface; Russian is the first and the fallback. */
export type Language = 'ru' | 'en';

const STORAGE_KEY = 'plenum.language';
const listeners = new Set<() => void>();
let current: Language = remembered();

function remembered(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'ru';
  } catch {
    return 'ru';
  }
}

/** The language in use now. */
export function language(): Language {
  return current;
}

/** Switches the interface and remembers the choice on this device. */
export function setLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Without storage the choice lasts until the tab is closed.
  }
  for (const listener of listeners) listener();
}

let offered: readonly Language[] = ['ru', 'en'];

/** Says which languages can be chosen where one is now. */
export function offerLanguages(next: readonly Language[]): void {
  offered = next;
  for (const listener of listeners) listener();
}

/** Whether there is a choice of languages; re-renders when it changes. */
export function useLanguageChoice(): boolean {
  return useSyncExternalStore(subscribe, () => offered.length > 1);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language in use; re-renders when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

/** One message catalogue per language; the Russian one fixes keys and parameters. */
export type Catalogue<T> = { ru: T; en: T };

/** The messages of a catalogue in the language in use. */
export function useTexts<T>(catalogue: Catalogue<T>): T {
  return catalogue[useLanguage()];
}
