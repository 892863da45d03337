import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { Mic, MicOff, Video, VideoOff, Volume2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Card, Note, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { links } from '#platform/shell';
import '../room/room.css';
import { meetingTexts } from '../texts';
import { LevelMeter } from './level-meter';
import { SpeakerTest } from './speaker-test';
import type { Preview } from './use-preview';

/** Before the room: do camera, microphone and speakers work? One may enter without a camera. */
export function DeviceCheck(props: {
  title: string;
  back: ReturnType<typeof links.session>;
  preview: Preview;
  entering: boolean;
  refusal: string | null;
  onEnter: () => void;
}) {
  const t = useTexts(meetingTexts);
  const { preview } = props;
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    if (video.current) video.current.srcObject = preview.stream;
  }, [preview.stream]);

  const problems = [
    ['camera', t.camera, preview.cameraProblem],
    ['microphone', t.microphone, preview.microphoneProblem],
  ] as const;
  return (
    <main id="main" style={{ padding: '24px 16px 48px' }}>
      <Page
        title={t.checkTitle}
        subtitle={`${props.title}. ${t.checkLead}`}
        back={{ label: t.back, link: props.back }}
      >
        <div className="check">
          <div className="check-preview">
            <video
              ref={video}
              autoPlay
              playsInline
              muted
              aria-label={t.preview}
              style={{ visibility: preview.showsVideo ? 'visible' : 'hidden' }}
            />
            {!preview.showsVideo && <Text>{t.cameraOff}</Text>}
            <div className="check-buttons">
              <button
                type="button"
                className="room-button"
                aria-label={preview.choice.microphone ? t.turnMicOff : t.turnMicOn}
                data-off={!preview.choice.microphone}
                onClick={() => preview.choose({ microphone: !preview.choice.microphone })}
              >
                {preview.choice.microphone ? (
                  <Mic size={21} aria-hidden />
                ) : (
                  <MicOff size={21} aria-hidden />
                )}
              </button>
              <button
                type="button"
                className="room-button"
                aria-label={preview.choice.camera ? t.turnCameraOff : t.turnCameraOn}
                data-off={!preview.choice.camera}
                onClick={() => preview.choose({ camera: !preview.choice.camera })}
              >
                {preview.choice.camera ? (
                  <Video size={21} aria-hidden />
                ) : (
                  <VideoOff size={21} aria-hidden />
                )}
              </button>
            </div>
          </div>
          <Stack gap="md">
            {problems.map(
              ([kind, label, problem]) =>
                problem && (
                  <Note key={kind} tone="bad" title={label}>
                    {t.problems[problem]}
                    <Group mt={8}>
                      <Button size="xs" variant="default" onClick={preview.retry}>
                        {t.retry}
                      </Button>
                    </Group>
                  </Note>
                ),
            )}
            <Card>
              <Stack gap="md">
                <DeviceSelect
                  label={t.camera}
                  devices={preview.cameras}
                  value={preview.choice.cameraId}
                  onChange={(cameraId) => preview.choose({ cameraId })}
                />
                <div>
                  <DeviceSelect
                    label={t.microphone}
                    devices={preview.microphones}
                    value={preview.choice.microphoneId}
                    onChange={(microphoneId) => preview.choose({ microphoneId })}
                  />
                  <div style={{ marginTop: 10 }}>
                    <LevelMeter stream={preview.hearsAudio ? preview.stream : null} />
                  </div>
                  <Text size="sm" c="dimmed" mt={4}>
                    {preview.choice.microphone ? t.micHint : t.micOffHint}
                  </Text>
                </div>
                <Group gap="sm">
                  <SpeakerTest icon={<Volume2 size={16} aria-hidden />} />
                  <Text size="sm" c="dimmed">
                    {t.speakerHint}
                  </Text>
                </Group>
              </Stack>
            </Card>
            {props.refusal && <Note tone="bad">{props.refusal}</Note>}
            <Button size="lg" loading={props.entering} onClick={props.onEnter} data-autofocus>
              {t.enter}
            </Button>
            {!preview.choice.camera && (
              <Text size="sm" c="dimmed">
                {t.enterWithout}
              </Text>
            )}
          </Stack>
        </div>
      </Page>
    </main>
  );
}

function DeviceSelect(props: {
  label: string;
  devices: readonly MediaDeviceInfo[];
  value: string | null;
  onChange: (id: string | null) => void;
}) {
  const t = useTexts(meetingTexts);
  return (
    <NativeSelect
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || null)}
    >
      <option value="">{t.defaultDevice}</option>
      {props.devices.map((device, index) => (
        <option key={device.deviceId} value={device.deviceId}>
          {device.label || `${props.label} ${index + 1}`}
        </option>
      ))}
    </NativeSelect>
  );
}
