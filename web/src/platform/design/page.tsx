import { Anchor, Group, Text, Title } from '@mantine/core';
import { Link, type LinkOptions } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';

/** The frame of every page: way back, title, what can be done, content. */
export function Page(props: {
  title: string;
  subtitle?: ReactNode;
  back?: { label: string; link: LinkOptions };
  actions?: ReactNode;
  width?: 'reading' | 'wide';
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Plenum`;
  }, [props.title]);
  return (
    <div style={{ maxWidth: props.width === 'reading' ? 860 : 1180, margin: '0 auto' }}>
      {props.back && (
        <Anchor
          renderRoot={(rest) => <Link {...props.back?.link} {...rest} />}
          size="sm"
          style={{ display: 'inline-flex', alignItems: 'center', gap: 4, marginBottom: 8 }}
        >
          <ChevronLeft size={16} aria-hidden />
          {props.back.label}
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="md" mb="lg">
        <div style={{ minWidth: 0, flex: '1 1 280px' }}>
          <Title order={1}>{props.title}</Title>
          {props.subtitle && (
            <Text component="div" c="dimmed" mt={4}>
              {props.subtitle}
            </Text>
          )}
        </div>
        {props.actions && <Group gap="sm">{props.actions}</Group>}
      </Group>
      {props.children}
    </div>
  );
}

/** A titled block on a page. */
export function Card(props: {
  title?: string;
  aside?: ReactNode;
  padded?: boolean;
  id?: string;
  children: ReactNode;
}) {
  return (
    <section className="card" aria-label={props.title} id={props.id}>
      {props.title && (
        <div className="card-head" data-flush={props.padded === false}>
          <Title order={2} size="h3">
            {props.title}
          </Title>
          {props.aside}
        </div>
      )}
      <div className={props.padded === false ? undefined : 'card-padded'}>{props.children}</div>
    </section>
  );
}
