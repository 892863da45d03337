import { useSyncExternalStore } from 'react';

/** `idle`: nobody listens; `reconnecting`: live pushes are cut off and being restored. */
export type SocketState = 'idle' | 'connected' | 'reconnecting';

const listeners = new Set<() => void>();
let current: SocketState = 'idle';

/** Where the connection for live pushes stands. */
export const socketState = {
  get: () => current,
  set(next: SocketState) {
    if (next === current) return;
    current = next;
    for (const listener of listeners) listener();
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state of the live connection; re-renders when it changes. */
export function useSocketState(): SocketState {
  return useSyncExternalStore(subscribe, socketState.get);
}
