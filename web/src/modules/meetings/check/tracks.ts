/** Opens a camera or microphone; the remembered device if it is there, else another. */
export async function openTrack(
  kind: 'audio' | 'video',
  deviceId: string | null,
): Promise<MediaStreamTrack> {
  const device = deviceId ? { deviceId: { ideal: deviceId } } : {};
  const stream = await navigator.mediaDevices.getUserMedia(
    kind === 'audio'
      ? { audio: { echoCancellation: true, noiseSuppression: true, ...device } }
      : // The largest of the qualities in which it is sent; whoever shows it small gets a smaller one.
        {
          video: {
            width: { ideal: 1280 },
            height: { ideal: 720 },
            frameRate: { ideal: 24, max: 30 },
            ...device,
          },
        },
  );
  const track = stream.getTracks()[0];
  if (!track) throw new Error('the browser opened a device without a track');
  return track;
}
