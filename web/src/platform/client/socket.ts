import { type Client, createClient } from 'graphql-ws';
import { socketState } from './socket-state';

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

/**
 * The socket for live pushes of one tenant. It opens with the first subscription, and after a lost
 * connection every subscription is made anew by the library.
 */
export function openSocket(tenant: string | null): Client {
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: () => (tenant ? { tenant } : {}),
    lazyCloseTimeout: 3_000,
    keepAlive: PING_EVERY_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    // The server restarting or a phone changing networks: first tries soon, later ones patient.
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(300 * 2 ** retries, 5_000))),
    shouldRetry: () => true,
    on: {
      connected: () => socketState.set('connected'),
      ping: (received) => {
        // A cable pulled out closes nothing: without an answer the connection counts as dead.
        if (!received) pongTimer = setTimeout(() => socket.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        const clean = event instanceof CloseEvent && event.code === 1000;
        socketState.set(clean ? 'idle' : 'reconnecting');
      },
    },
  });
  // The device says that it has no network: waiting for a ping to fail would take longer.
  const cut = () => socket.terminate();
  window.addEventListener('offline', cut);
  return {
    ...socket,
    dispose: () => {
      window.removeEventListener('offline', cut);
      return socket.dispose();
    },
  };
}
