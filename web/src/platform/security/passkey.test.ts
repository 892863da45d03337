import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPasskey, showPasskey } from './passkey';

const buffer = (...all: number[]) => new Uint8Array(all).buffer;

function answers(credentials: Partial<CredentialsContainer>): void {
  vi.stubGlobal('navigator', { credentials });
}

describe('passkeys', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('turns base64url into bytes and back', async () => {
    const get = vi.fn(async () => ({
      rawId: buffer(251, 255),
      type: 'public-key',
      response: {
        authenticatorData: buffer(1),
        clientDataJSON: buffer(2),
        signature: buffer(3),
        userHandle: null,
      },
    }));
    answers({ get: get as never });
    const options = {
      challenge: '-_8',
      allowCredentials: [{ type: 'public-key', id: 'AQID' }],
      rpId: 'localhost',
    };
    const outcome = await showPasskey(JSON.stringify(options));
    const [[asked]] = get.mock.calls as unknown as [[{ publicKey: Record<string, unknown> }]];
    expect(asked.publicKey.challenge).toEqual(new Uint8Array([251, 255]));
    expect(asked.publicKey.allowCredentials).toEqual([
      { type: 'public-key', id: new Uint8Array([1, 2, 3]) },
    ]);
    expect(asked.publicKey.rpId).toBe('localhost');
    const answer = JSON.parse('answer' in outcome ? outcome.answer : '');
    expect(answer.rawId).toBe('-_8');
    expect(answer.response).toEqual({
      authenticatorData: 'AQ',
      clientDataJSON: 'Ag',
      signature: 'Aw',
      userHandle: null,
    });
  });

  it('tells a key that is there from a question that was closed', async () => {
    const options = JSON.stringify({ challenge: 'AA', user: { id: 'AA' } });
    for (const [name, problem] of [
      ['InvalidStateError', 'known'],
      ['NotAllowedError', 'cancelled'],
    ]) {
      answers({ create: () => Promise.reject(new DOMException('', name)) });
      expect(await createPasskey(options)).toEqual({ problem });
    }
  });
});
