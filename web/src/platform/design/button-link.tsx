import { Button, type ButtonProps } from '@mantine/core';
import { Link, type LinkOptions } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link that looks like a button: goes somewhere, changes nothing. */
export function ButtonLink(props: ButtonProps & { link: LinkOptions; children: ReactNode }) {
  const { link, children, ...look } = props;
  return (
    <Button {...look} renderRoot={(rest) => <Link {...link} {...rest} />}>
      {children}
    </Button>
  );
}
