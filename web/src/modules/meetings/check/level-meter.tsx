import { useEffect, useRef } from 'react';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';

/** How loud the microphone is, drawn outside of React: it changes sixty times a second. */
export function LevelMeter(props: { stream: MediaStream | null }) {
  const t = useTexts(meetingTexts);
  const bar = useRef<HTMLDivElement>(null);
  const { stream } = props;

  useEffect(() => {
    const track = stream?.getAudioTracks()[0];
    if (!track) return;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0.5 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    function draw() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From −60 dB (silence) to 0 dB (full scale), linear in decibels as ears hear it.
      const decibel = 10 * Math.log10(power + 1e-9);
      const level = Math.min(1, Math.max(0, (decibel + 60) / 60));
      if (bar.current) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      frame = requestAnimationFrame(draw);
    }
    draw();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
      if (bar.current) bar.current.style.transform = 'scaleX(0)';
    };
  }, [stream]);

  return (
    <div className="level" role="img" aria-label={t.micLevel} data-testid="level">
      <div ref={bar} style={{ transform: 'scaleX(0)' }} />
    </div>
  );
}
