import { expect, test } from 'vitest';
import { readChoice } from './choice';

test('nothing_kept_means_camera_and_microphone_on', () => {
  expect(readChoice(null)).toEqual({
    camera: true,
    microphone: true,
    cameraId: null,
    microphoneId: null,
  });
});

test('a_kept_choice_returns', () => {
  const choice = { camera: false, microphone: true, cameraId: null, microphoneId: 'usb' };
  expect(readChoice(JSON.stringify(choice))).toEqual(choice);
});

test.each(['{', '7', '{"camera":"yes","cameraId":4}'])('malformed_%j_counts_as_nothing', (text) => {
  expect(readChoice(text)).toEqual(readChoice(null));
});
