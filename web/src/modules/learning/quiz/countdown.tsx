import { Text } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '#platform/languages';
import { clockFace, passedMark, urgency } from './clock';
import { quizTexts } from './texts';

/**
 * The seconds left, from the moment the server told them: a wrong clock on the device changes
 * nothing. Null when there is no limit. Calls `onNear` shortly before the end and `onOver` at it.
 */
export function useCountdown(
  secondsLeft: number | null,
  handlers: { onNear: () => void; onOver: () => void },
): number | null {
  const [end] = useState(() => (secondsLeft === null ? null : Date.now() + secondsLeft * 1000));
  const [left, setLeft] = useState(secondsLeft);
  const latest = useRef(handlers);
  latest.current = handlers;

  useEffect(() => {
    if (end === null) return;
    let near = false;
    let over = false;
    const tick = () => {
      const now = (end - Date.now()) / 1000;
      setLeft(now);
      if (!near && now <= 2) {
        near = true;
        latest.current.onNear();
      }
      if (!over && now <= 0) {
        over = true;
        latest.current.onOver();
      }
    };
    const timer = setInterval(tick, 500);
    // A phone that slept learns at once where the time stands.
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [end]);

  return left;
}

/** The time left: digits for the eye, a sentence at some moments for the ear. */
export function TimeLeft(props: { seconds: number; limitS: number }) {
  const t = useTexts(quizTexts);
  const before = useRef(props.seconds);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const mark = passedMark(before.current, props.seconds);
    before.current = props.seconds;
    if (mark !== null) setSaid(t.timeLeftSaid(mark));
  }, [props.seconds, t]);

  return (
    <div
      className="time-left"
      data-urgency={urgency(props.seconds, props.limitS)}
      data-testid="time-left"
    >
      <Clock size={17} aria-hidden />
      <Text component="span" size="sm" className="only-desktop">
        {t.timeLeft}
      </Text>
      <Text component="span" fw={650} className="tabular" aria-label={t.timeLeft} role="timer">
        {clockFace(props.seconds)}
      </Text>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </div>
  );
}
