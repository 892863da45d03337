import { Checkbox, NativeSelect, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '#platform/languages';
import { authoringTexts } from './texts';
import type { Audience } from './use-audience-count';
import { useUnits } from './use-units';

type Office = NonNullable<Audience['offices']>[number];

const OFFICES: readonly Office[] = [
  'CHAIR',
  'DEPUTY_CHAIR',
  'SECRETARY',
  'TREASURER',
  'COMMITTEE_MEMBER',
  'AUDIT_MEMBER',
  'BODY_MEMBER',
];

/** A group out of the register: by elected office, within an organization. */
export function AudiencePicker(props: { onChange: (audience: Audience) => void }) {
  const t = useTexts(authoringTexts);
  const units = useUnits();
  const [offices, setOffices] = useState<readonly Office[]>([]);
  const [unit, setUnit] = useState<string | null>(null);

  function tell(nextOffices: readonly Office[], nextUnit: string | null) {
    setOffices(nextOffices);
    setUnit(nextUnit);
    props.onChange({
      offices: nextOffices.length > 0 ? [...nextOffices] : null,
      units: nextUnit ? [nextUnit] : null,
      everyone: nextOffices.length === 0 && nextUnit === null ? true : null,
    });
  }

  return (
    <Stack gap="md">
      <Checkbox.Group
        label={t.offices}
        description={t.officesHint}
        value={[...offices]}
        onChange={(values) =>
          tell(
            OFFICES.filter((office) => values.includes(office)),
            unit,
          )
        }
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={8} mt={8}>
          {OFFICES.map((office) => (
            <Checkbox key={office} value={office} label={t.officeNames[office] ?? office} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <NativeSelect
        label={t.unit}
        description={t.unitHint}
        value={unit ?? ''}
        onChange={(event) => tell(offices, event.currentTarget.value || null)}
      >
        <option value="">{t.unitAny}</option>
        {units.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </NativeSelect>
    </Stack>
  );
}
