import { Text } from '@mantine/core';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { CheckFacts } from './audit-documents';
import { auditTexts } from './audit-texts';

/** What a check of the chain found. */
export function ChainNote(props: { chain: CheckFacts }) {
  const t = useTexts(auditTexts);
  const { chain } = props;
  return (
    <div style={{ marginBottom: 16 }} role="status">
      {chain.whole ? (
        <Note tone="good" title={t.whole(chain.entries)}>
          {chain.head && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {t.head(chain.entries, chain.head)}
            </Text>
          )}
          <Text size="sm">{t.wholeText}</Text>
          {chain.beforeChain > 0 && <Text size="sm">{t.older(chain.beforeChain)}</Text>}
        </Note>
      ) : (
        <Note tone="bad" title={t.broken(chain.brokenAt ?? 0)}>
          <Text size="sm">{t.brokenText}</Text>
        </Note>
      )}
    </div>
  );
}
