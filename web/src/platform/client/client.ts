import { cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import type { Client as Socket } from 'graphql-ws';
import { Client } from 'urql';
import { askForConfirmation } from './confirmation';
import { readFailure } from './failure';
import { follow } from './follow';

type Known = { client: Client; dispose: () => void; reconnect: () => void };

const clients = new Map<string, Known>();
// Other tabs of the app share the session's cookie and hold sockets of their own.
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('plenum.session') : null;
let onSignedOut: () => void = () => {};

/** Names what happens when the server says that nobody is signed in any more. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/**
 * The client of one tenant, or of none (`null`). Each tenant has its own client and so its own
 * cache: nothing read in one organization can show up in another.
 */
export function clientFor(tenant: string | null): Client {
  const key = tenant ?? '';
  const known = clients.get(key);
  if (known) return known.client;

  // Loaded with the first subscription: most pages need no socket.
  let socket: Promise<Socket> | undefined;
  const connect = () => {
    socket ??= import('./socket').then(({ openSocket }) => openSocket(tenant));
    return socket;
  };

  const client: Client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: () => ({
      credentials: 'same-origin',
      headers: new Headers(tenant ? { 'X-Plenum-Tenant': tenant } : {}),
    }),
    exchanges: [
      mapExchange({
        onError: (error) => {
          if (readFailure(error).code === 'UNAUTHENTICATED') onSignedOut();
        },
        // What weighs is refused until the person is confirmed: they are asked, and it is tried again.
        onResult: (result) => {
          const { operation, error } = result;
          if (operation.kind !== 'mutation' || !error) return;
          if (readFailure(error).reason !== 'confirm') return;
          return askForConfirmation().then(async (confirmed) => {
            if (!confirmed) return result;
            const { additionalTypenames } = operation.context;
            const again = await client
              .mutation(operation.query, operation.variables, { additionalTypenames })
              .toPromise();
            return { ...again, operation };
          });
        },
      }),
      cacheExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => {
            let stop = () => {};
            let stopped = false;
            void connect().then((open) => {
              if (stopped) return;
              // The engine's reader of sockets keeps the id only among the extensions.
              const { query = '', documentId, variables } = request;
              const extensions = documentId ? { documentId } : undefined;
              stop = follow(
                open,
                { query, variables, extensions },
                sink as Parameters<Socket['subscribe']>[1],
              );
            });
            return {
              unsubscribe: () => {
                stopped = true;
                stop();
              },
            };
          },
        }),
      }),
      fetchExchange,
    ],
  });
  clients.set(key, {
    client,
    dispose: () => void socket?.then((open) => open.dispose()),
    reconnect: () => void socket?.then((open) => open.terminate()),
  });
  return client;
}

/** Forgets every client with its cache and socket: after signing in or out. */
export function forgetClients(): void {
  for (const { dispose } of clients.values()) dispose();
  clients.clear();
}

function reconnect(): void {
  for (const known of clients.values()) known.reconnect();
}

if (tabs) tabs.onmessage = reconnect;

/**
 * The session has another token: sockets that were opened with the one before, here and in other
 * tabs, are opened anew while it is still taken.
 */
export function tokenChanged(): void {
  reconnect();
  tabs?.postMessage('token');
}
