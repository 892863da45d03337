import { Anchor, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useRef } from 'react';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { FullDocument } from '../documents';
import { documentsTexts } from '../texts';

/** The latest version in place, when it is a checked PDF. Phones open it in a viewer of their own. */
export function Preview(props: { document: FullDocument }) {
  const t = useTexts(documentsTexts);
  const narrow = useMediaQuery('(max-width: 760px)', undefined, {
    getInitialValueInEffect: false,
  });
  const latest = props.document.versions[0];
  // Each answer brings a freshly signed link: the frame keeps the one with which it began.
  const kept = useRef<{ id: string; url: string } | null>(null);
  if (latest?.previewUrl && kept.current?.id !== latest.id) {
    kept.current = { id: latest.id, url: latest.previewUrl };
  }
  if (!latest) return <Text c="dimmed">{t.noVersions}</Text>;
  if (latest.flag) {
    return (
      <Note tone="bad" title={t.flagTitle}>
        {t.flags[latest.flag]}
      </Note>
    );
  }
  if (!latest.previewUrl) return <Text c="dimmed">{t.noPreview}</Text>;
  if (narrow) {
    return (
      <Anchor href={latest.previewUrl} target="_blank" rel="noopener">
        {t.openPdf}
      </Anchor>
    );
  }
  return (
    <iframe
      className="document-preview"
      title={t.preview}
      src={`${kept.current?.url}#navpanes=0&view=FitH`}
    />
  );
}
