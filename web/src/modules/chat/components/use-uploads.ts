import { useRef, useState } from 'react';
import { uploadFile, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import type { SentFile } from '../state/conversation';
import { freshId } from '../state/fresh-id';
import { chatTexts } from '../texts';

const MOST_FILES = 10;

/** A file that is being sent to the server, or is there. */
export type Upload = { key: string; name: string; share: number; file: SentFile | null };

/** The files of a message that is being written. */
export function useUploads() {
  const t = useTexts(chatTexts);
  const failureText = useFailureText();
  const { tenant } = useTenancy();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const count = useRef(0);
  count.current = uploads.length;

  async function send(file: File) {
    const key = freshId();
    const change = (next: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one)));
    setUploads((all) => [...all, { key, name: file.name, share: 0, file: null }]);
    const outcome = await uploadFile(tenant.slug, file, (share) => change({ share }));
    if ('file' in outcome) change({ share: 1, file: outcome.file });
    else {
      toast.bad(`${file.name}: ${failureText(outcome.failure)}`);
      setUploads((all) => all.filter((one) => one.key !== key));
    }
  }

  return {
    uploads,
    busy: uploads.some((one) => one.file === null),
    files: uploads.flatMap((one) => (one.file ? [one.file] : [])),
    add: (files: Iterable<File>) => {
      const chosen = [...files];
      const room = MOST_FILES - count.current;
      if (chosen.length > room) toast.bad(t.tooManyFiles);
      for (const file of chosen.slice(0, room)) void send(file);
    },
    remove: (key: string) => setUploads((all) => all.filter((one) => one.key !== key)),
    clear: () => setUploads([]),
  };
}
