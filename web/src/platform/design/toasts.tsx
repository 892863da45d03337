import { CloseButton, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTexts } from '#platform/languages';
import { designTexts } from './texts';

type Toast = { id: number; tone: 'good' | 'bad'; text: string };

const SHOWN_FOR_MS = 6_000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}

function show(tone: Toast['tone'], text: string): void {
  lastId += 1;
  const id = lastId;
  // The same words twice say nothing new.
  publish([...toasts.filter((toast) => toast.text !== text).slice(-2), { id, tone, text }]);
  // Bad news stays until it is dismissed: it may need reading twice.
  if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_FOR_MS);
}

/** Short messages about what just happened. */
export const toast = {
  good: (text: string) => show('good', text),
  bad: (text: string) => show('bad', text),
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; once per app. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const t = useTexts(designTexts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((item) => (
        <div key={item.id} className="toast" data-tone={item.tone}>
          <Text size="sm" style={{ flex: 1 }}>
            {item.text}
          </Text>
          <CloseButton size="sm" aria-label={t.close} onClick={() => dismiss(item.id)} />
        </div>
      ))}
    </div>
  );
}
