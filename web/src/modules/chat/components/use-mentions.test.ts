import { describe, expect, it } from 'vitest';
import { mentionAt } from './use-mentions';

const at = (text: string) => mentionAt(text, text.length);

describe('a mention that is being typed', () => {
  it('begins with an @ at the beginning of a word', () => {
    expect(at('@')).toEqual({ from: 0, typed: '' });
    expect(at('Спросите @Орл')).toEqual({ from: 9, typed: 'Орл' });
    expect(at('Спросите @Орлова Ма')).toEqual({ from: 9, typed: 'Орлова Ма' });
  });

  it('is no address and no sentence', () => {
    expect(at('me@example')).toBeNull();
    expect(at('@Орлова Марина Викторовна, да')).toBeNull();
    expect(at('просто текст')).toBeNull();
  });
});
