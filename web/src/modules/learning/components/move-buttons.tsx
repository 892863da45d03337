import { ActionIcon } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';

/** Two buttons that move an entry of a list. */
export function MoveButtons(props: {
  up: string;
  down: string;
  first: boolean;
  last: boolean;
  onMove: (step: -1 | 1) => void;
}) {
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={34}
        aria-label={props.up}
        disabled={props.first}
        onClick={() => props.onMove(-1)}
      >
        <ArrowUp size={17} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={34}
        aria-label={props.down}
        disabled={props.last}
        onClick={() => props.onMove(1)}
      >
        <ArrowDown size={17} aria-hidden />
      </ActionIcon>
    </>
  );
}
