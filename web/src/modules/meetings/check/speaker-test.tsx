import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';

/** Two notes of a bell, a fifth apart; in hertz. */
const NOTES = [659.25, 987.77];
const NOTE_S = 0.28;

/** Plays a short signal so that one hears whether the speakers work. */
export function SpeakerTest(props: { icon: ReactNode }) {
  const t = useTexts(meetingTexts);
  const [playing, setPlaying] = useState(false);

  async function play() {
    if (playing) return;
    setPlaying(true);
    const context = new AudioContext();
    // The page was clicked, so the browser lets sound through.
    await context.resume();
    NOTES.forEach((frequency, index) => {
      const start = context.currentTime + index * NOTE_S;
      const gain = context.createGain();
      gain.gain.setValueAtTime(0.0001, start);
      gain.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S * 2);
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + NOTE_S * 2);
      if (index === NOTES.length - 1) {
        tone.onended = () => {
          setPlaying(false);
          void context.close();
        };
      }
    });
  }

  return (
    <Button variant="default" leftSection={props.icon} onClick={() => void play()}>
      {playing ? t.testingSpeaker : t.testSpeaker}
    </Button>
  );
}
