import { Group, Textarea, TextInput } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { documentsTexts } from '../texts';
import type { CardDraft } from './card-draft';
import { PersonField } from './person-field';

/** The fields of a card. Those of a correspondent appear where papers come from outside or go there, or when filled. */
export function CardFields(props: {
  draft: CardDraft;
  outside: boolean;
  missing: boolean;
  onChange: (draft: CardDraft) => void;
}) {
  const t = useTexts(documentsTexts);
  const { draft } = props;
  const text = (field: Exclude<keyof CardDraft, 'executor'>) => ({
    label: t[field],
    value: draft[field],
    onChange: (event: { currentTarget: { value: string } }) =>
      props.onChange({ ...draft, [field]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput
        {...text('title')}
        data-autofocus
        error={props.missing && !draft.title.trim() ? t.fieldMissing : null}
      />
      <Textarea {...text('summary')} autosize minRows={2} />
      {(props.outside || draft.correspondent || draft.theirNumber || draft.theirDate) && (
        <>
          <TextInput {...text('correspondent')} />
          <Group grow gap="sm">
            <TextInput {...text('theirNumber')} />
            <TextInput {...text('theirDate')} type="date" />
          </Group>
        </>
      )}
      <PersonField
        label={t.executor}
        value={draft.executor}
        onChange={(executor) => props.onChange({ ...draft, executor })}
      />
      <Group grow gap="sm">
        <TextInput {...text('dueOn')} type="date" />
        <TextInput {...text('pages')} inputMode="numeric" />
      </Group>
      <TextInput {...text('tags')} description={t.tagsHint} />
    </>
  );
}
