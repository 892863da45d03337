import { useCallback, useEffect, useState } from 'react';
import { type DeviceChoice, rememberChoice, rememberedChoice } from './choice';
import { type DeviceProblem, deviceProblem } from './problem';
import { openTrack } from './tracks';

/** What the device check shows, and the tracks with which the room is entered. */
export type Preview = {
  choice: DeviceChoice;
  choose: (change: Partial<DeviceChoice>) => void;
  stream: MediaStream | null;
  showsVideo: boolean;
  hearsAudio: boolean;
  cameras: readonly MediaDeviceInfo[];
  microphones: readonly MediaDeviceInfo[];
  cameraProblem: DeviceProblem | null;
  microphoneProblem: DeviceProblem | null;
  retry: () => void;
};

type Captured = {
  stream: MediaStream | null;
  cameraProblem: DeviceProblem | null;
  microphoneProblem: DeviceProblem | null;
};

const NOTHING: Captured = { stream: null, cameraProblem: null, microphoneProblem: null };

/**
 * Opens the chosen devices while `active`. Each device is opened on its own: a missing camera must
 * not take the microphone with it.
 */
export function usePreview(active: boolean): Preview {
  const [choice, setChoice] = useState(rememberedChoice);
  const [captured, setCaptured] = useState<Captured>(NOTHING);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt opens the devices anew.
  useEffect(() => {
    if (!active) return;
    let over = false;
    let opened: MediaStream | null = null;
    void capture(choice).then((result) => {
      if (over) {
        stop(result.stream);
        return;
      }
      opened = result.stream;
      setCaptured(result);
      void listDevices().then((found) => !over && setDevices(found));
    });
    return () => {
      over = true;
      stop(opened);
      setCaptured(NOTHING);
    };
  }, [active, choice, attempt]);

  useEffect(() => {
    if (!active || !navigator.mediaDevices) return;
    const changed = () => void listDevices().then(setDevices);
    navigator.mediaDevices.addEventListener('devicechange', changed);
    return () => navigator.mediaDevices.removeEventListener('devicechange', changed);
  }, [active]);

  const choose = useCallback((change: Partial<DeviceChoice>) => {
    setChoice((before) => {
      const next = { ...before, ...change };
      rememberChoice(next);
      return next;
    });
  }, []);

  return {
    choice,
    choose,
    stream: captured.stream,
    showsVideo: (captured.stream?.getVideoTracks().length ?? 0) > 0,
    hearsAudio: (captured.stream?.getAudioTracks().length ?? 0) > 0,
    cameras: devices.filter((device) => device.kind === 'videoinput' && device.deviceId),
    microphones: devices.filter((device) => device.kind === 'audioinput' && device.deviceId),
    cameraProblem: captured.cameraProblem,
    microphoneProblem: captured.microphoneProblem,
    retry: () => setAttempt((n) => n + 1),
  };
}

async function capture(choice: DeviceChoice): Promise<Captured> {
  if (!navigator.mediaDevices) {
    return { stream: null, cameraProblem: 'insecure', microphoneProblem: 'insecure' };
  }
  const stream = new MediaStream();
  const add = async (kind: 'audio' | 'video', id: string | null) => {
    try {
      stream.addTrack(await openTrack(kind, id));
      return null;
    } catch (error) {
      return deviceProblem(error);
    }
  };
  return {
    microphoneProblem: choice.microphone ? await add('audio', choice.microphoneId) : null,
    cameraProblem: choice.camera ? await add('video', choice.cameraId) : null,
    stream,
  };
}

async function listDevices(): Promise<MediaDeviceInfo[]> {
  return navigator.mediaDevices?.enumerateDevices() ?? [];
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
