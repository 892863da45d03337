import { Checkbox, NativeSelect, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useTexts } from '#platform/languages';
import type { RegisterFilter } from '../register-filter';
import { membersTexts } from '../texts';
import type { UnitOption } from './use-units';

/** Everything that the register is filtered by. */
export default function FilterPanel(props: {
  filter: RegisterFilter;
  units: readonly UnitOption[];
  onChange: (filter: RegisterFilter) => void;
}) {
  const t = useTexts(membersTexts);
  const { filter, onChange } = props;
  const set = (change: Partial<RegisterFilter>) => onChange({ ...filter, ...change });
  const options = (labels: Record<string, string>) => [
    { value: '', label: t.any },
    ...Object.entries(labels).map(([value, label]) => ({ value, label })),
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" p="md" pt={0}>
      <Select
        label={t.unit}
        placeholder={t.allUnits}
        searchable
        clearable
        nothingFoundMessage={t.noUnit}
        data={props.units.map((option) => ({ value: option.id, label: option.name }))}
        value={filter.unit}
        onChange={(unit) => set({ unit })}
      />
      <NativeSelect
        label={t.officeHeld}
        value={filter.office}
        onChange={(event) => set({ office: event.currentTarget.value as RegisterFilter['office'] })}
        data={options(t.offices)}
      />
      <NativeSelect
        label={t.consentHeld}
        value={filter.consent}
        onChange={(event) =>
          set({ consent: event.currentTarget.value as RegisterFilter['consent'] })
        }
        data={options(t.consents)}
      />
      <NativeSelect
        label={t.sex}
        value={filter.sex}
        onChange={(event) => set({ sex: event.currentTarget.value as RegisterFilter['sex'] })}
        data={options(t.sexes)}
      />
      <TextInput
        label={t.ageFrom}
        inputMode="numeric"
        maxLength={3}
        value={filter.ageFrom}
        onChange={(event) => set({ ageFrom: event.currentTarget.value })}
      />
      <TextInput
        label={t.ageTo}
        inputMode="numeric"
        maxLength={3}
        value={filter.ageTo}
        onChange={(event) => set({ ageTo: event.currentTarget.value })}
      />
      <NativeSelect
        label={t.emailHeld}
        value={filter.email}
        onChange={(event) => set({ email: event.currentTarget.value as RegisterFilter['email'] })}
        data={options(t.emails)}
      />
      <NativeSelect
        label={t.accountHeld}
        value={filter.account}
        onChange={(event) =>
          set({ account: event.currentTarget.value as RegisterFilter['account'] })
        }
        data={options(t.accounts)}
      />
      <Checkbox
        label={t.leftOnly}
        checked={filter.left}
        onChange={(event) => set({ left: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}
