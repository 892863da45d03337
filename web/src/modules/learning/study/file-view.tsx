import { useEffect, useRef, useState } from 'react';
import { ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { studyTexts } from './texts';

/** What may be shown in place. Never HTML or SVG: those run scripts. */
const SHOWN = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Whether a file of this type can be looked at without leaving the page. */
export function viewable(contentType: string): boolean {
  return SHOWN.has(contentType);
}

/**
 * A PDF or a picture in the page. The bytes are given the type they were declared with, from the
 * list above: a file that lies about itself is a broken picture, never a page that runs.
 */
export function FileView(props: {
  name: string;
  contentType: string;
  freshUrl: () => Promise<string | null>;
}) {
  const t = useTexts(studyTexts);
  const [object, setObject] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  const ask = useRef(props.freshUrl);

  useEffect(() => {
    let here = true;
    let made: string | null = null;
    void (async () => {
      try {
        const url = await ask.current();
        const answer = url ? await fetch(url) : null;
        if (!answer?.ok) throw new Error('could not fetch the file');
        const bytes = await answer.arrayBuffer();
        if (!here) return;
        made = URL.createObjectURL(new Blob([bytes], { type: props.contentType }));
        setObject(made);
      } catch {
        if (here) setBroken(true);
      }
    })();
    return () => {
      here = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [props.contentType]);

  if (broken) return <Note tone="bad">{t.fileBroken}</Note>;
  if (!object) return <ListSkeleton rows={4} />;
  return props.contentType === 'application/pdf' ? (
    <iframe src={object} title={props.name} className="study-file-view" />
  ) : (
    <img src={object} alt={t.imageOf(props.name)} className="study-image" />
  );
}
