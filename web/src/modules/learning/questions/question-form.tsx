import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Radio,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTexts } from '#platform/languages';
import type { QuestionKind } from '../quiz/answer';
import {
  type DraftQuestion,
  freshKey,
  issuesOf,
  MAX_OPTIONS,
  newQuestion,
  type QuestionIssue,
} from './draft';
import { questionTexts } from './texts';
import './questions.css';

const KINDS: readonly QuestionKind[] = ['SINGLE', 'MULTIPLE', 'MATCHING', 'NUMERIC', 'SHORT_TEXT'];

/** The form of one question, with the parts that its kind needs. */
export function QuestionForm(props: {
  initial: DraftQuestion | null;
  busy: boolean;
  onSave: (question: DraftQuestion) => void;
  onCancel: () => void;
}) {
  const t = useTexts(questionTexts);
  const [question, setQuestion] = useState(props.initial ?? newQuestion('SINGLE'));
  const [checked, setChecked] = useState(false);
  const issues = checked ? issuesOf(question) : [];
  const set = (change: Partial<DraftQuestion>) =>
    setQuestion((before) => ({ ...before, ...change }));
  const errorOf = (...places: QuestionIssue[]) => {
    const found = places.find((place) => issues.includes(place));
    return found && t.issues[found];
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (!props.busy && issuesOf(question).length === 0) props.onSave(question);
  }

  return (
    <form className="question-form" onSubmit={submit} noValidate>
      <Stack gap="md">
        <Group gap="md" align="flex-start">
          <NativeSelect
            label={t.kind}
            description={t.kindHints[question.kind]}
            style={{ flex: '1 1 240px' }}
            value={question.kind}
            onChange={(event) => {
              const kind = event.currentTarget.value as QuestionKind;
              set({ kind, options: kind === 'SINGLE' ? oneRight(question) : question.options });
            }}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t.kinds[kind]}
              </option>
            ))}
          </NativeSelect>
          <TextInput
            label={t.pointsLabel}
            inputMode="numeric"
            w={100}
            value={question.points}
            error={errorOf('points_wrong')}
            onChange={(event) => set({ points: event.currentTarget.value })}
          />
        </Group>
        <Textarea
          label={t.text}
          placeholder={t.textPlaceholder}
          autosize
          minRows={2}
          maxLength={4000}
          data-autofocus
          value={question.text}
          error={errorOf('text_missing')}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
        {(question.kind === 'SINGLE' || question.kind === 'MULTIPLE') && (
          <OptionLines
            question={question}
            error={errorOf(
              'options_few',
              'option_blank',
              'options_same',
              'right_missing',
              'right_one',
            )}
            onChange={(options) => set({ options })}
          />
        )}
        {question.kind === 'MATCHING' && (
          <PairLines
            question={question}
            error={errorOf('pairs_few', 'pair_blank', 'pairs_same')}
            onChange={(pairs) => set({ pairs })}
          />
        )}
        {question.kind === 'NUMERIC' && (
          <Group gap="md" align="flex-start">
            <TextInput
              label={t.number}
              inputMode="decimal"
              value={question.number}
              error={errorOf('number_wrong')}
              onChange={(event) => set({ number: event.currentTarget.value })}
            />
            <TextInput
              label={t.tolerance}
              placeholder={t.toleranceHint}
              inputMode="decimal"
              value={question.tolerance}
              error={errorOf('tolerance_wrong')}
              onChange={(event) => set({ tolerance: event.currentTarget.value })}
            />
          </Group>
        )}
        {question.kind === 'SHORT_TEXT' && (
          <Textarea
            label={t.spellings}
            description={t.spellingsHint}
            autosize
            minRows={2}
            value={question.spellings}
            error={errorOf('spelling_missing')}
            onChange={(event) => set({ spellings: event.currentTarget.value })}
          />
        )}
        <Textarea
          label={t.explanation}
          description={t.explanationHint}
          autosize
          minRows={1}
          maxLength={2000}
          value={question.explanation}
          onChange={(event) => set({ explanation: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel} disabled={props.busy}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={props.busy}>
            {t.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The options with only the first right one left: a single choice has no second. */
function oneRight(question: DraftQuestion): DraftQuestion['options'] {
  const first = question.options.find((option) => option.right);
  return question.options.map((option) => ({ ...option, right: option === first }));
}

function OptionLines(props: {
  question: DraftQuestion;
  error: string | undefined;
  onChange: (options: DraftQuestion['options']) => void;
}) {
  const t = useTexts(questionTexts);
  const { kind, options } = props.question;
  const single = kind === 'SINGLE';
  const set = (key: number, change: Partial<DraftQuestion['options'][number]>) =>
    props.onChange(options.map((one) => (one.key === key ? { ...one, ...change } : one)));
  return (
    <fieldset className="question-lines">
      <legend>
        {t.options} <span>{single ? t.optionHint : t.optionsHint}</span>
      </legend>
      {options.map((option, index) => (
        <div key={option.key} className="question-line">
          {single ? (
            <Radio
              name="right"
              aria-label={t.right(index + 1)}
              checked={option.right}
              onChange={() =>
                props.onChange(options.map((one) => ({ ...one, right: one.key === option.key })))
              }
            />
          ) : (
            <Checkbox
              aria-label={t.right(index + 1)}
              checked={option.right}
              onChange={(event) => set(option.key, { right: event.currentTarget.checked })}
            />
          )}
          <TextInput
            aria-label={t.option(index + 1)}
            placeholder={t.option(index + 1)}
            style={{ flex: 1 }}
            maxLength={1000}
            value={option.text}
            onChange={(event) => set(option.key, { text: event.currentTarget.value })}
          />
          <RemoveLine
            label={t.removeOption(index + 1)}
            disabled={options.length <= 2}
            onRemove={() => props.onChange(options.filter((one) => one.key !== option.key))}
          />
        </div>
      ))}
      <LineError text={props.error} />
      <Button
        variant="light"
        size="xs"
        leftSection={<Plus size={15} aria-hidden />}
        disabled={options.length >= MAX_OPTIONS}
        onClick={() =>
          props.onChange([...options, { key: freshKey(options), text: '', right: false }])
        }
      >
        {t.addOption}
      </Button>
    </fieldset>
  );
}

function PairLines(props: {
  question: DraftQuestion;
  error: string | undefined;
  onChange: (pairs: DraftQuestion['pairs']) => void;
}) {
  const t = useTexts(questionTexts);
  const { pairs } = props.question;
  const set = (key: number, change: Partial<DraftQuestion['pairs'][number]>) =>
    props.onChange(pairs.map((one) => (one.key === key ? { ...one, ...change } : one)));
  return (
    <fieldset className="question-lines">
      <legend>{t.pairs}</legend>
      {pairs.map((pair, index) => (
        <div key={pair.key} className="question-line">
          <div className="question-pair">
            <TextInput
              aria-label={t.pairLeft(index + 1)}
              placeholder={t.pairLeft(index + 1)}
              maxLength={1000}
              value={pair.left}
              onChange={(event) => set(pair.key, { left: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t.pairRight(index + 1)}
              placeholder={t.pairRight(index + 1)}
              maxLength={1000}
              value={pair.right}
              onChange={(event) => set(pair.key, { right: event.currentTarget.value })}
            />
          </div>
          <RemoveLine
            label={t.removePair(index + 1)}
            disabled={pairs.length <= 2}
            onRemove={() => props.onChange(pairs.filter((one) => one.key !== pair.key))}
          />
        </div>
      ))}
      <LineError text={props.error} />
      <Button
        variant="light"
        size="xs"
        leftSection={<Plus size={15} aria-hidden />}
        disabled={pairs.length >= MAX_OPTIONS}
        onClick={() => props.onChange([...pairs, { key: freshKey(pairs), left: '', right: '' }])}
      >
        {t.addPair}
      </Button>
    </fieldset>
  );
}

function RemoveLine(props: { label: string; disabled: boolean; onRemove: () => void }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="inherit"
      size={34}
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onRemove}
    >
      <X size={16} aria-hidden />
    </ActionIcon>
  );
}

function LineError(props: { text: string | undefined }) {
  if (!props.text) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {props.text}
    </Text>
  );
}
