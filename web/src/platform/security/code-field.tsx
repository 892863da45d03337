import { TextInput } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { securityTexts } from './texts';

/** The six digits of an authenticator. */
export function CodeField(props: {
  value: string;
  error: string | null;
  size?: 'sm' | 'md';
  onChange: (value: string) => void;
}) {
  const t = useTexts(securityTexts);
  return (
    <TextInput
      label={t.code}
      description={t.codeHint}
      name="one-time-code"
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={7}
      size={props.size ?? 'sm'}
      autoFocus
      data-autofocus
      value={props.value}
      error={props.error}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
