import { Text, TextInput } from '@mantine/core';
import { Building2, Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { type ResultOf, usePaged } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { ChatUnitsQuery } from '../documents';
import { chatTexts } from '../texts';

type Unit = ResultOf<typeof ChatUnitsQuery>['units']['nodes'][number];

/** Names are compared without regard to case, and `ё` is `е`. */
const fold = (text: string) => text.toLowerCase().replaceAll('ё', 'е');

/** Chooses one of the organization's units by its name. */
export default function UnitPicker(props: {
  value: string | null;
  onChange: (unit: string) => void;
}) {
  const t = useTexts(chatTexts);
  const client = useClient();
  const { tenant } = useTenancy();
  const [search, setSearch] = useState('');
  const units = usePaged<Unit>(tenant.slug, async (after) => {
    const answer = await client.query(ChatUnitsQuery, { after }).toPromise();
    return { page: answer.data?.units, error: answer.error };
  });
  const { hasMore, loadMore } = units;
  useEffect(() => {
    if (hasMore) loadMore();
  }, [hasMore, loadMore]);
  const words = fold(search).split(/\s+/);
  const found = units.rows.filter((unit) => words.every((word) => fold(unit.name).includes(word)));
  return (
    <div>
      <TextInput
        label={t.findUnit}
        description={t.unitHint}
        value={search}
        data-autofocus
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {units.failure && <FailureState failure={units.failure} onRetry={units.reload} />}
      {units.loading && <ListSkeleton rows={6} />}
      <div className="chat-colleagues">
        {found.map((unit) => (
          <button
            key={unit.id}
            type="button"
            className="dropdown-item"
            aria-pressed={unit.id === props.value}
            onClick={() => props.onChange(unit.id)}
          >
            {unit.id === props.value ? (
              <Check size={18} aria-hidden />
            ) : (
              <Building2 size={18} aria-hidden />
            )}
            {unit.name}
          </button>
        ))}
        {!units.loading && !units.failure && found.length === 0 && (
          <Text c="dimmed" size="sm" p="sm" role="status">
            {t.noUnits}
          </Text>
        )}
      </div>
    </div>
  );
}
