/** How media go when no direct way leads to the server: an entry of `iceServers`, for one person and a while. */
export type RelayAccess = {
  urls: readonly string[];
  username: string;
  credential: string;
  /** From this moment on it is worth nothing, and ends what was begun with it. */
  expiresAt: string;
};

/** So long before its end a connection that needs the relay is made anew. */
const EARLY_MS = 90_000;

export function iceServers(relay: RelayAccess | null): RTCIceServer[] {
  if (!relay) return [];
  const { urls, username, credential } = relay;
  return [{ urls: [...urls], username, credential }];
}

/** How long until new access is to be asked for, in milliseconds. */
export function renewsAfter(relay: RelayAccess, now: number): number {
  return Math.max(0, Date.parse(relay.expiresAt) - EARLY_MS - now);
}

/** Fields of `getStats` that are read here (W3C webrtc-stats). */
type Entry = {
  id: string;
  type: string;
  nominated?: boolean;
  state?: string;
  localCandidateId?: string;
  candidateType?: string;
};

/** Whether the connection goes by a relay. */
export function isRelayed(report: RTCStatsReport): boolean {
  const local = new Map<string, string | undefined>();
  const used: (string | undefined)[] = [];
  report.forEach((entry: Entry) => {
    if (entry.type === 'local-candidate') local.set(entry.id, entry.candidateType);
    if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded') {
      used.push(entry.localCandidateId);
    }
  });
  return used.some((id) => id !== undefined && local.get(id) === 'relay');
}
