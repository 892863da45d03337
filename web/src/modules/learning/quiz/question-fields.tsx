import { Checkbox, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { Markdown } from '../markdown/markdown';
import { type Draft, matched, type QuestionView, readNumber, toggled } from './answer';
import { quizTexts } from './texts';

/** One question with the means to answer it: choices, selects to match by, a number, a text. */
export function QuestionFields(props: {
  question: QuestionView;
  number: number;
  draft: Draft;
  disabled: boolean;
  onChange: (draft: Draft) => void;
  /** The field was left: what is typed is final for now. */
  onSettle: () => void;
}) {
  const t = useTexts(quizTexts);
  const { question, draft, disabled, onChange } = props;
  const titleId = `question-${question.id}`;
  const hintId = `${titleId}-hint`;
  const wrongNumber =
    question.kind === 'NUMERIC' && draft.typed.trim() !== '' && readNumber(draft.typed) === null;
  return (
    <fieldset className="question" disabled={disabled} aria-labelledby={titleId}>
      <div id={titleId} className="question-text">
        <Text size="sm" c="dimmed" fw={500}>
          {t.questionOf(props.number)} · {t.points(question.points)}
        </Text>
        <Markdown source={question.text} />
      </div>
      <Text size="sm" c="dimmed" id={hintId} mb="sm">
        {t.howTo[question.kind]}
      </Text>
      {question.kind === 'SINGLE' && (
        <Stack gap={8} role="radiogroup" aria-labelledby={titleId} aria-describedby={hintId}>
          {question.options.map((option) => (
            <label
              key={option.id}
              htmlFor={`${question.id}-${option.id}`}
              className="choice"
              data-chosen={draft.chosen.includes(option.id)}
            >
              <Radio
                id={`${question.id}-${option.id}`}
                name={question.id}
                value={option.id}
                checked={draft.chosen.includes(option.id)}
                onChange={() => onChange(toggled(question, draft, option.id))}
              />
              <span>{option.text}</span>
            </label>
          ))}
        </Stack>
      )}
      {question.kind === 'MULTIPLE' && (
        <Stack gap={8} role="group" aria-labelledby={titleId} aria-describedby={hintId}>
          {question.options.map((option) => (
            <label
              key={option.id}
              htmlFor={`${question.id}-${option.id}`}
              className="choice"
              data-chosen={draft.chosen.includes(option.id)}
            >
              <Checkbox
                id={`${question.id}-${option.id}`}
                checked={draft.chosen.includes(option.id)}
                onChange={() => onChange(toggled(question, draft, option.id))}
              />
              <span>{option.text}</span>
            </label>
          ))}
        </Stack>
      )}
      {question.kind === 'MATCHING' && (
        <div className="matching">
          {question.options.map((left) => (
            <NativeSelect
              key={left.id}
              label={left.text}
              value={draft.pairs[left.id] ?? ''}
              onChange={(event) => onChange(matched(draft, left.id, event.currentTarget.value))}
            >
              <option value="">{t.chooseMatch}</option>
              {question.matches.map((right) => (
                <option key={right.id} value={right.id}>
                  {draft.pairs[left.id] !== right.id &&
                  Object.values(draft.pairs).includes(right.id)
                    ? t.takenMatch(right.text)
                    : right.text}
                </option>
              ))}
            </NativeSelect>
          ))}
        </div>
      )}
      {question.kind === 'NUMERIC' && (
        <TextInput
          aria-labelledby={titleId}
          aria-describedby={hintId}
          inputMode="decimal"
          w="min(260px, 100%)"
          value={draft.typed}
          error={wrongNumber && t.notANumber}
          onChange={(event) => onChange({ ...draft, typed: event.currentTarget.value })}
          onBlur={props.onSettle}
        />
      )}
      {question.kind === 'SHORT_TEXT' && (
        <TextInput
          aria-labelledby={titleId}
          aria-describedby={hintId}
          maxLength={500}
          value={draft.typed}
          onChange={(event) => onChange({ ...draft, typed: event.currentTarget.value })}
          onBlur={props.onSettle}
        />
      )}
    </fieldset>
  );
}
