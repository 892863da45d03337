import { NativeSelect, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { SetDuesRate } from '../documents';
import { monthOf, parsePercent, parseRoubles } from '../sums';
import { duesTexts } from '../texts';
import { MonthSelect } from './month-select';
import { useDuesUnits } from './use-dues-units';
import { useRefusalText } from './use-refusal-text';

/** Sets what the members of a unit pay from a month on. */
export function SetRateDialog(props: {
  unit: string | null;
  opened: boolean;
  onClose: () => void;
}) {
  const t = useTexts(duesTexts);
  const refusalText = useRefusalText();
  const units = useDuesUnits();
  const [chosen, setChosen] = useState<string | null>(null);
  const [kind, setKind] = useState<'PERCENT' | 'FIXED'>('PERCENT');
  const [value, setValue] = useState('');
  const [validFrom, setValidFrom] = useState(monthOf(new Date()));
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, set] = useMutation(SetDuesRate);
  const root = units.find((unit) => unit.kind === 'APPARATUS')?.id ?? null;
  const unit = chosen ?? props.unit ?? root;
  const parsed = kind === 'PERCENT' ? parsePercent(value) : parseRoubles(value);

  async function submit() {
    setChecked(true);
    if (!unit || parsed === null) return;
    const answer = await set(
      { input: { unit, kind, value: parsed, validFrom } },
      { additionalTypenames: ['DuesRate', 'Dues'] },
    );
    if (!answer.data) return;
    toast.good(t.rateSaved);
    setValue('');
    setChecked(false);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.setRate}
      submit={t.save}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusalText(error)}</Note>}
      <Text size="sm" c="dimmed">
        {t.setRateHint}
      </Text>
      <Select
        label={t.unit}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t.noUnit}
        data={units.map((option) => ({ value: option.id, label: option.name }))}
        value={unit}
        onChange={setChosen}
      />
      <NativeSelect
        label={t.kind}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value === 'FIXED' ? 'FIXED' : 'PERCENT')}
        data={[
          { value: 'PERCENT', label: t.kindPercent },
          { value: 'FIXED', label: t.kindFixed },
        ]}
      />
      <TextInput
        label={kind === 'PERCENT' ? t.percent : t.sum}
        inputMode="decimal"
        data-autofocus
        value={value}
        error={checked && parsed === null && (kind === 'PERCENT' ? t.percentWrong : t.sumWrong)}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <MonthSelect label={t.validFrom} value={validFrom} onChange={setValidFrom} ahead={12} />
    </FormDialog>
  );
}
