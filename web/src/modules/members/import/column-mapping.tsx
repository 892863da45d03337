import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { Card, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { MemberImport } from './documents';
import { type ImportField, type Mapping, type MappingProblem, mappingProblems } from './mapping';
import { importTexts } from './texts';

/** Which column holds what: proposed by the server, corrected here. */
export function ColumnMapping(props: {
  item: MemberImport;
  mapping: Mapping;
  changed: boolean;
  busy: boolean;
  onChange: (index: number, field: ImportField | null) => void;
  onRecheck: () => void;
}) {
  const t = useTexts(importTexts);
  const { item, mapping } = props;
  const problems = mappingProblems(mapping);
  const fields = Object.entries(t.fields) as [ImportField, string][];

  function wording(problem: MappingProblem): string {
    if (problem.kind === 'twice') return t.twice(t.fields[problem.field]);
    if (problem.what === 'name') return t.missingName;
    return problem.what === 'birthDate' ? t.missingBirthDate : t.missingUnit;
  }

  return (
    <Card title={t.mapping} padded={false}>
      {item.headerRow !== null && (
        <Text size="sm" c="dimmed" px={20} pb="sm">
          {t.mappingLead(item.headerRow, item.sheet)}
        </Text>
      )}
      <table className="mapping">
        <thead>
          <tr>
            <th scope="col">{t.column}</th>
            <th scope="col">{t.samples}</th>
            <th scope="col">{t.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {item.columns.map((column) => (
            <tr key={column.index}>
              <td>
                <Text size="sm" fw={500}>
                  {column.header || '—'}
                </Text>
                <Text size="xs" c="dimmed">
                  {t.column} {column.letter}
                </Text>
              </td>
              <td>
                <Text size="sm" c="dimmed" className="truncate">
                  {column.samples.filter(Boolean).slice(0, 3).join(' · ') || '—'}
                </Text>
              </td>
              <td>
                <NativeSelect
                  aria-label={t.meaningOf(column.letter)}
                  size="sm"
                  value={mapping.get(column.index) ?? ''}
                  onChange={(event) =>
                    props.onChange(
                      column.index,
                      event.currentTarget.value === ''
                        ? null
                        : (event.currentTarget.value as ImportField),
                    )
                  }
                >
                  <option value="">{t.skipColumn}</option>
                  {fields.map(([field, label]) => (
                    <option key={field} value={field}>
                      {label}
                    </option>
                  ))}
                </NativeSelect>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(problems.length > 0 || props.changed) && (
        <div style={{ padding: '12px 20px 20px' }}>
          {problems.map((problem) => (
            <div key={wording(problem)} style={{ marginBottom: 8 }}>
              <Note tone="bad">{wording(problem)}</Note>
            </div>
          ))}
          <Group justify="flex-end">
            <Button
              onClick={props.onRecheck}
              loading={props.busy}
              disabled={problems.length > 0 || !props.changed}
            >
              {t.recheck}
            </Button>
          </Group>
        </div>
      )}
    </Card>
  );
}
