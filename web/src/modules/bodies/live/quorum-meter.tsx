import { Text } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { useQuorumWords } from '../components/quorum-words';
import type { LiveSession } from './documents';
import './live.css';
import { sessionTexts } from './texts';

/** How many are present, how many are needed, and whether that is a quorum. */
export function QuorumMeter(props: { quorum: LiveSession['quorum'] }) {
  const t = useTexts(sessionTexts);
  const words = useQuorumWords();
  const { elected, present, required, reached, rule } = props.quorum;
  const share = (n: number) => `${elected > 0 ? Math.min(100, (100 * n) / elected) : 0}%`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a figure that is read out as it changes.
    <div role="group" aria-label={t.quorum} data-testid="quorum" data-reached={reached}>
      <Text
        fw={600}
        role="status"
        style={{ color: reached ? 'var(--plenum-good)' : 'var(--plenum-warn)' }}
      >
        {reached ? t.quorumReached : t.quorumMissing(Math.max(0, required - present))}
      </Text>
      <div className="quorum-bar" aria-hidden style={{ margin: '8px 0' }}>
        <div className="quorum-fill" data-reached={reached} style={{ width: share(present) }} />
        <div className="quorum-mark" style={{ left: `calc(${share(required)} - 3px)` }} />
      </div>
      <Text size="sm" className="tabular">
        {t.presentOf(present, elected)}
      </Text>
      <Text size="sm" c="dimmed">
        {t.requiredIs(required, words(rule))}
      </Text>
    </div>
  );
}
