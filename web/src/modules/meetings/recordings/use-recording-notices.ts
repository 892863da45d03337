import { useEffect, useRef } from 'react';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { SessionRecordings } from './documents';
import { recordingTexts } from './texts';

/** Tells whoever is in the session that it is recorded: when they come, when it begins, and when it ends. */
export function useRecordingNotices(recordings: SessionRecordings | null): void {
  const t = useTexts(recordingTexts);
  const told = useRef<boolean | null>(null);
  const recorded = recordings ? recordings.recordingSince !== null : null;

  useEffect(() => {
    const before = told.current;
    if (recorded === null || recorded === before) return;
    told.current = recorded;
    if (recorded) toast.good(before === null ? t.underWay : t.began);
    else if (before !== null) toast.good(t.ended);
  }, [recorded, t]);
}
