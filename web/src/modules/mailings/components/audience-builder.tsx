import {
  Checkbox,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { type ResultOf, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { AudienceCountQuery, type CampaignInput, type OptionsQuery } from '../documents';
import { mailingsTexts } from '../texts';

type Audience = CampaignInput['audience'];
type Office = NonNullable<Audience['offices']>[number];

/** Chooses who gets the letter; says at once how many do, and how many do not and why. */
export default function AudienceBuilder(props: {
  list: string;
  audience: Audience;
  options: ResultOf<typeof OptionsQuery> | undefined;
  onChange: (audience: Audience) => void;
  onCount: (recipients: number | null) => void;
}) {
  const t = useTexts(mailingsTexts);
  const failureText = useFailureText();
  const { audience, options, onCount } = props;
  const [asked] = useDebouncedValue({ list: props.list, audience }, 300);
  const [{ data, error, fetching }] = useQuery({
    query: AudienceCountQuery,
    variables: asked,
    requestPolicy: 'network-only',
  });
  const count = data?.audienceCount;
  const recipients = count && !fetching ? count.recipients : null;
  useEffect(() => onCount(recipients), [recipients, onCount]);
  const change = (part: Partial<Audience>) => props.onChange({ ...audience, ...part });
  const choices = (all: readonly { id: string; name: string }[] | undefined) =>
    (all ?? []).map((one) => ({ value: one.id, label: one.name }));
  const age = (value: string | number) => (value === '' ? null : Number(value));

  return (
    <Stack gap="sm">
      <MultiSelect
        label={t.units}
        description={t.unitsHelp}
        searchable
        data={choices(options?.units.nodes)}
        value={audience.units ?? []}
        onChange={(units) => change({ units })}
      />
      <MultiSelect
        label={t.officesTitle}
        data={Object.entries(t.offices).map(([value, label]) => ({ value, label }))}
        value={audience.offices ?? []}
        onChange={(offices) => change({ offices: offices as Office[] })}
      />
      <Checkbox
        label={t.ofPrimaries}
        checked={audience.ofPrimaries ?? false}
        onChange={(event) => change({ ofPrimaries: event.currentTarget.checked })}
      />
      <MultiSelect
        label={t.bodies}
        data={choices(options?.mailingOptions.bodies)}
        value={audience.bodies ?? []}
        onChange={(bodies) => change({ bodies })}
      />
      <Group gap="sm" grow>
        <NumberInput
          label={t.ageFrom}
          min={0}
          max={150}
          value={audience.ageFrom ?? ''}
          onChange={(value) => change({ ageFrom: age(value) })}
        />
        <NumberInput
          label={t.ageTo}
          min={0}
          max={150}
          value={audience.ageTo ?? ''}
          onChange={(value) => change({ ageTo: age(value) })}
        />
        <NativeSelect
          label={t.sex}
          value={audience.sex ?? ''}
          onChange={(event) =>
            change({ sex: (event.currentTarget.value || null) as Audience['sex'] })
          }
          data={[
            { value: '', label: t.anySex },
            { value: 'FEMALE', label: t.FEMALE },
            { value: 'MALE', label: t.MALE },
          ]}
        />
      </Group>
      <NativeSelect
        label={t.consent}
        value={audience.consent ?? ''}
        onChange={(event) =>
          change({ consent: (event.currentTarget.value || null) as Audience['consent'] })
        }
        data={[
          { value: '', label: t.anyConsent },
          ...Object.entries(t.consents).map(([value, label]) => ({ value, label })),
        ]}
      />
      {audience.consent && audience.consent !== 'GIVEN' && <Note tone="warn">{t.noConsent}</Note>}
      {(options?.mailingOptions.courses.length ?? 0) > 0 && (
        <Group gap="sm" grow>
          <NativeSelect
            label={t.course}
            value={audience.course ?? ''}
            onChange={(event) => {
              const course = event.currentTarget.value || null;
              // How far they are means nothing without the course.
              change(course ? { course } : { course, courseProgress: null });
            }}
            data={[{ value: '', label: t.anyCourse }, ...choices(options?.mailingOptions.courses)]}
          />
          <NativeSelect
            label={t.progress}
            disabled={!audience.course}
            value={audience.courseProgress ?? 'NOT_COMPLETED'}
            onChange={(event) =>
              change({ courseProgress: event.currentTarget.value as Audience['courseProgress'] })
            }
            data={Object.entries(t.progresses).map(([value, label]) => ({ value, label }))}
          />
        </Group>
      )}
      {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
      <div aria-live="polite">
        <Text fw={650} size="lg">
          {fetching || !count ? t.counting : t.count(count.recipients)}
        </Text>
        {count && count.excluded.length > 0 && (
          <>
            <Text size="sm" c="dimmed">
              {t.ofTotal(count.total)}
            </Text>
            {count.excluded.map((one) => (
              <Text key={one.reason} size="sm" c="dimmed">
                {one.count} — {t.exclusions[one.reason]}
              </Text>
            ))}
          </>
        )}
      </div>
    </Stack>
  );
}
