import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { percentText } from '../sums';
import { duesTexts } from '../texts';

/** A rate in words: "1 % от заработной платы", "300,00 ₽ в месяц". */
export function useRateWords(): (rate: { kind: 'PERCENT' | 'FIXED'; value: number }) => string {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const comma = useLanguage() === 'ru' ? ',' : '.';
  return (rate) =>
    rate.kind === 'PERCENT'
      ? t.ratePercent(percentText(rate.value, comma))
      : t.rateFixed(format.money(rate.value));
}
