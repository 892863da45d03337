/** Why a camera or microphone could not be used, as the texts tell it. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'other';

/** Reads the reason out of what `getUserMedia` threw (W3C Media Capture, "getUserMedia", step 10). */
export function deviceProblem(error: unknown): DeviceProblem {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'other';
  }
}
