import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Draft, NO_ANSWER } from './answer';
import { Keeper, type Kept } from './keeper';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const typed = (text: string): Draft => ({ ...NO_ANSWER, typed: text });

/** A server that answers from a script, then always with `ok`. */
function server(...script: Kept[]) {
  const heard: string[] = [];
  const keeper = new Keeper(async (question, draft) => {
    heard.push(`${question}=${draft.typed}`);
    return script.shift() ?? 'ok';
  });
  return { keeper, heard };
}

test('typing_is_kept_once_after_a_pause', async () => {
  const { keeper, heard } = server();
  keeper.change('q', typed('п'), true);
  keeper.change('q', typed('пр'), true);
  expect(keeper.state()).toBe('saving');
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['q=пр']);
  expect(keeper.state()).toBe('saved');
});

test('after_a_loss_the_answer_is_sent_again_until_it_arrives', async () => {
  const { keeper, heard } = server('lost', 'lost');
  keeper.change('q', typed('7'), false);
  await vi.advanceTimersByTimeAsync(0);
  expect(keeper.state()).toBe('waiting');
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['q=7', 'q=7', 'q=7']);
  expect(keeper.state()).toBe('saved');
});

test('what_changes_while_an_answer_is_on_its_way_is_sent_too', async () => {
  const heard: string[] = [];
  const keeper: Keeper = new Keeper(async (question, draft) => {
    heard.push(`${question}=${draft.typed}`);
    if (heard.length === 1) keeper.change('q', typed('второй'), false);
    return 'ok';
  });
  keeper.change('q', typed('первый'), false);
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['q=первый', 'q=второй']);
});

test('flushing_keeps_everything_at_once_and_says_whether_it_could', async () => {
  const { keeper, heard } = server('ok', 'lost');
  keeper.change('a', typed('1'), true);
  keeper.change('b', typed('2'), true);
  await expect(keeper.flush()).resolves.toBe(false);
  await expect(keeper.flush()).resolves.toBe(true);
  expect(heard).toEqual(['a=1', 'b=2', 'b=2']);
});

test('after_the_time_nothing_more_is_sent', async () => {
  const { keeper, heard } = server('over');
  keeper.change('a', typed('1'), false);
  await vi.runAllTimersAsync();
  keeper.change('b', typed('2'), false);
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['a=1']);
  expect(keeper.state()).toBe('over');
});

test('a_refused_answer_is_not_sent_again', async () => {
  const { keeper, heard } = server('refused');
  keeper.change('a', typed('1'), false);
  await vi.runAllTimersAsync();
  expect(heard).toEqual(['a=1']);
  expect(keeper.state()).toBe('refused');
});
