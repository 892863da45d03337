import type { Client as Socket } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { follow } from './follow';

type Sink = Parameters<Socket['subscribe']>[1];

function stage() {
  const opened: Sink[] = [];
  const seen: string[] = [];
  let stops = 0;
  const socket = {
    subscribe: (_: unknown, sink: unknown) => {
      opened.push(sink as Sink);
      return () => {
        stops += 1;
      };
    },
  } as Pick<Socket, 'subscribe'>;
  const stop = follow(socket, { query: 'subscription { a }' }, {
    next: (answer) => seen.push(JSON.stringify(answer.data ?? answer.errors?.length)),
    error: () => seen.push('error'),
    complete: () => seen.push('complete'),
  } as Sink);
  return { opened, seen, stop, stops: () => stops };
}

const refused = (reason: string) =>
  ({ errors: [{ message: 'Not allowed', extensions: { code: 'FORBIDDEN', reason } }] }) as never;

describe('a subscription', () => {
  it('is made anew when the rights of the viewer changed, without a word of it', () => {
    const { opened, seen } = stage();
    opened[0]?.next({ data: { a: 1 } });
    opened[0]?.next(refused('access_changed'));
    opened[0]?.complete();
    expect(opened.length).toBe(2);
    opened[1]?.next({ data: { a: 2 } });
    expect(seen).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('ends when what is left does not suffice', () => {
    const { opened, seen } = stage();
    opened[0]?.next(refused('access_changed'));
    opened[0]?.complete();
    opened[1]?.next(refused('permission'));
    opened[1]?.complete();
    expect(opened.length).toBe(2);
    expect(seen).toEqual(['1', 'complete']);
  });

  it('is not made anew after it was given up', () => {
    const { opened, stop, stops } = stage();
    opened[0]?.next(refused('access_changed'));
    stop();
    opened[0]?.complete();
    expect([opened.length, stops()]).toEqual([1, 1]);
  });
});
