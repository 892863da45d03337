import { useTexts } from '#platform/languages';
import type { BodyRow } from '../documents';
import { bodiesTexts } from '../texts';

type Rule = BodyRow['quorumRule'];

/** A quorum rule in words: "больше половины избранных". */
export function useQuorumWords(): (rule: Rule) => string {
  const t = useTexts(bodiesTexts);
  return ({ comparison, numerator, denominator }) => {
    const share = `${numerator}/${denominator}`;
    return t.quorumRule(comparison, t.shares[share] ?? share);
  };
}
