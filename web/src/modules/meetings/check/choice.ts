/** What the viewer chose at the device check; kept on this device. */
export type DeviceChoice = {
  camera: boolean;
  microphone: boolean;
  cameraId: string | null;
  microphoneId: string | null;
};

const STORAGE_KEY = 'plenum.devices';
const DEFAULT: DeviceChoice = {
  camera: true,
  microphone: true,
  cameraId: null,
  microphoneId: null,
};

/** Reads a remembered choice; anything malformed falls back to the default, field by field. */
export function readChoice(text: string | null): DeviceChoice {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    // Written by another version or by hand: as if nothing was kept.
  }
  if (typeof kept !== 'object' || kept === null) return DEFAULT;
  const fields = kept as Record<string, unknown>;
  const flag = (key: 'camera' | 'microphone') =>
    typeof fields[key] === 'boolean' ? fields[key] : DEFAULT[key];
  const id = (key: 'cameraId' | 'microphoneId') =>
    typeof fields[key] === 'string' && fields[key] !== '' ? fields[key] : null;
  return {
    camera: flag('camera'),
    microphone: flag('microphone'),
    cameraId: id('cameraId'),
    microphoneId: id('microphoneId'),
  };
}

/** The choice of the last time. */
export function rememberedChoice(): DeviceChoice {
  try {
    return readChoice(localStorage.getItem(STORAGE_KEY));
  } catch {
    return DEFAULT;
  }
}

/** Keeps the choice for the next time. */
export function rememberChoice(choice: DeviceChoice): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(choice));
  } catch {
    // Without storage the choice is asked anew each time.
  }
}
