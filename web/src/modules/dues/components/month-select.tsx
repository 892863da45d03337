import { NativeSelect } from '@mantine/core';
import { useFormat } from '#platform/languages';
import { monthLater, monthOf, monthsUpTo } from '../sums';

/** A month of the last two years, and so many ahead. */
export function MonthSelect(props: {
  label: string;
  value: string;
  onChange: (month: string) => void;
  ahead?: number;
  empty?: string;
}) {
  const format = useFormat();
  const ahead = props.ahead ?? 0;
  const months = monthsUpTo(monthLater(monthOf(new Date()), ahead), 24 + ahead);
  return (
    <NativeSelect
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={[
        ...(props.empty === undefined ? [] : [{ value: '', label: props.empty }]),
        ...months.map((month) => ({ value: month, label: format.month(month) })),
      ]}
    />
  );
}
