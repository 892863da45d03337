import { describe, expect, it } from 'vitest';
import { iceServers, isRelayed, renewsAfter } from './relay';

const RELAY = {
  urls: ['turn:192.0.2.7:3478?transport=tcp'],
  username: '1000:somebody',
  credential: 'secret',
  expiresAt: '2027-01-14T10:00:00Z',
};

function report(...entries: Record<string, unknown>[]): RTCStatsReport {
  return new Map(entries.map((entry) => [String(entry.id), entry])) as unknown as RTCStatsReport;
}

describe('the relay', () => {
  it('is an entry of iceServers, or none', () => {
    expect(iceServers(null)).toEqual([]);
    const [entry] = iceServers(RELAY);
    expect(entry).toEqual({
      urls: RELAY.urls,
      username: RELAY.username,
      credential: RELAY.credential,
    });
  });

  it('is asked for anew before its access ends', () => {
    const end = Date.parse(RELAY.expiresAt);
    expect(renewsAfter(RELAY, end - 3_600_000)).toBe(3_510_000);
    expect(renewsAfter(RELAY, end + 1)).toBe(0);
  });

  it('is noticed by the way that is in use', () => {
    const direct = { id: 'host', type: 'local-candidate', candidateType: 'host' };
    const relayed = { id: 'relay', type: 'local-candidate', candidateType: 'relay' };
    const pair = (localCandidateId: string, nominated: boolean) => ({
      id: `pair-${localCandidateId}`,
      type: 'candidate-pair',
      state: 'succeeded',
      nominated,
      localCandidateId,
    });
    expect(isRelayed(report(direct, relayed, pair('relay', true), pair('host', false)))).toBe(true);
    expect(isRelayed(report(direct, relayed, pair('relay', false), pair('host', true)))).toBe(
      false,
    );
    expect(isRelayed(report(direct))).toBe(false);
  });
});
