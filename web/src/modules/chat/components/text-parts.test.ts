import { describe, expect, it } from 'vitest';
import { textParts } from './text-parts';

const short = (text: string, names: string[] = []) =>
  textParts(text, names).map((part) => `${part.kind}:${part.text}`);

describe('parts of a text', () => {
  it('finds links and leaves the full stop out', () => {
    expect(short('Смотрите https://example.org/a?b=1. И ещё')).toEqual([
      'text:Смотрите ',
      'link:https://example.org/a?b=1',
      'text:. И ещё',
    ]);
  });

  it('makes a link of nothing that could run', () => {
    expect(short('javascript:alert(1) data:text/html,x')).toEqual([
      'text:javascript:alert(1) data:text/html,x',
    ]);
  });

  it('finds mentions by the longest name', () => {
    expect(short('@Анна Мария, @Анна и @никто', ['Анна', 'Анна Мария'])).toEqual([
      'mention:@Анна Мария',
      'text:, ',
      'mention:@Анна',
      'text: и @никто',
    ]);
  });

  it('keeps a text whole that has neither', () => {
    expect(short('a@b.ru\nвторая строка')).toEqual(['text:a@b.ru\nвторая строка']);
    expect(short('')).toEqual([]);
  });
});
