import { Button, Group } from '@mantine/core';
import type { CombinedError } from '@urql/core';
import { FileSpreadsheet, FileText } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { monthLater, monthOf } from '../sums';
import { duesTexts } from '../texts';
import { useRefusalText } from './use-refusal-text';

type Format = 'CSV' | 'PDF';

/** Makes a statement of the last twelve months, the present one included, and saves it. */
export function ExportButtons(props: {
  make: (period: {
    from: string;
    until: string;
    format: Format;
  }) => Promise<{ url?: string; error?: CombinedError }>;
}) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const [busy, setBusy] = useState<Format | null>(null);

  async function run(format: Format) {
    setBusy(format);
    const until = monthOf(new Date());
    const made = await props.make({ from: monthLater(until, -11), until, format });
    setBusy(null);
    if (made.error) toast.bad(refusalText(made.error));
    if (!made.url) return;
    // The server sends it as an attachment: the page stays.
    window.location.assign(made.url);
    toast.good(t.exportReady);
  }

  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="sm"
        loading={busy === 'PDF'}
        leftSection={<FileText size={16} aria-hidden />}
        onClick={() => void run('PDF')}
      >
        {t.exportPdf}
      </Button>
      <Button
        variant="default"
        size="sm"
        loading={busy === 'CSV'}
        leftSection={<FileSpreadsheet size={16} aria-hidden />}
        onClick={() => void run('CSV')}
      >
        {t.exportCsv}
      </Button>
    </Group>
  );
}
