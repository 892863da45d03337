import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Failure, useFailureText } from '#platform/client';
import { useTexts } from '#platform/languages';
import { designTexts } from './texts';

/** How a badge or note is coloured; the words carry the meaning, never the colour alone. */
export type Tone = 'neutral' | 'brand' | 'good' | 'warn' | 'bad';

/** A short state in words. */
export function StateBadge(props: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="badge" data-tone={props.tone ?? 'neutral'}>
      {props.children}
    </span>
  );
}

const NOTE_ICONS: Record<Tone, LucideIcon> = {
  neutral: Info,
  brand: Info,
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
};

/** A message inside a page. Bad news is announced to screen readers at once. */
export function Note(props: { tone?: Tone; title?: string; children?: ReactNode }) {
  const tone = props.tone ?? 'brand';
  const Icon = NOTE_ICONS[tone];
  return (
    <div className="note" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon size={20} aria-hidden />
      <div style={{ minWidth: 0, flex: 1 }}>
        {props.title && <Text fw={600}>{props.title}</Text>}
        {props.children}
      </div>
    </div>
  );
}

/** Nothing here yet: says what this place is for and offers the first step. */
export function EmptyState(props: {
  icon: LucideIcon;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Icon size={40} strokeWidth={1.4} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={2} size="h3">
        {props.title}
      </Title>
      {props.text && (
        <Text c="dimmed" maw={460}>
          {props.text}
        </Text>
      )}
      {props.action && <div style={{ marginTop: 12 }}>{props.action}</div>}
    </Stack>
  );
}

/** Loading failed: says why in words and offers to try again. */
export function FailureState(props: { failure: Failure; onRetry?: () => void }) {
  const text = useFailureText();
  const t = useTexts(designTexts);
  return (
    <Note tone="bad" title={t.failedTitle}>
      <Text>{text(props.failure)}</Text>
      {props.onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={props.onRetry}>
            {t.retry}
          </Button>
        </Group>
      )}
    </Note>
  );
}

/** Grey lines in the shape of a list while it loads. */
export function ListSkeleton(props: { rows?: number; height?: number }) {
  const t = useTexts(designTexts);
  const rows = Array.from({ length: props.rows ?? 6 }, (_, row) => row);
  return (
    <Stack gap="sm" p="md" aria-busy="true">
      <span className="visually-hidden" role="status">
        {t.loading}
      </span>
      {rows.map((row) => (
        <Skeleton key={row} height={props.height ?? 22} width={`${96 - ((row * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}
