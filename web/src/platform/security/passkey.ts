/** What a browser's answer came to: the answer for the server, or why there is none. */
export type PasskeyOutcome = { answer: string } | { problem: 'cancelled' | 'known' };

/** Whether this browser can keep and show passkeys at this address: they belong to a domain name. */
export function passkeysSupported(): boolean {
  const isAddress = /^[\d.]+$|:/.test(location.hostname);
  return window.isSecureContext && 'PublicKeyCredential' in window && !isAddress;
}

/** Has the device make a passkey as the server's options ask. */
export async function createPasskey(options: string): Promise<PasskeyOutcome> {
  const asked = JSON.parse(options);
  return outcome(async () => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: descriptors(asked.excludeCredentials),
      },
    });
    const credential = made as PublicKeyCredential;
    const response = credential.response as AuthenticatorAttestationResponse;
    return {
      ...named(credential),
      response: {
        attestationObject: text(response.attestationObject),
        clientDataJSON: text(response.clientDataJSON),
      },
    };
  });
}

/** Has the person choose a passkey, and the device sign with it as the server's options ask. */
export async function showPasskey(options: string): Promise<PasskeyOutcome> {
  const asked = JSON.parse(options);
  return outcome(async () => {
    const shown = await navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: descriptors(asked.allowCredentials),
      },
    });
    const credential = shown as PublicKeyCredential;
    const response = credential.response as AuthenticatorAssertionResponse;
    return {
      ...named(credential),
      response: {
        authenticatorData: text(response.authenticatorData),
        clientDataJSON: text(response.clientDataJSON),
        signature: text(response.signature),
        userHandle: response.userHandle && text(response.userHandle),
      },
    };
  });
}

async function outcome(ask: () => Promise<object>): Promise<PasskeyOutcome> {
  try {
    return { answer: JSON.stringify(await ask()) };
  } catch (error) {
    // The browser does not tell refusing, waiting too long and having none apart.
    const known = error instanceof DOMException && error.name === 'InvalidStateError';
    return { problem: known ? 'known' : 'cancelled' };
  }
}

function named(credential: PublicKeyCredential) {
  const id = text(credential.rawId);
  return { id, rawId: id, type: credential.type, clientExtensionResults: {} };
}

function descriptors(all: readonly { type: 'public-key'; id: string }[] | undefined) {
  return (all ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

/** Bytes of base64url: `parseCreationOptionsFromJSON` is younger than browsers that people have. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
