import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { Suggestions, leadsTo } from './suggestions.svelte';
import type { Suggestion } from './suggestions.svelte';

const title = (text: string): Suggestion => ({ kind: 'title', text, id: text });
const topic = (text: string): Suggestion => ({ kind: 'topic', text, value: text });

function asking() {
  const asked: { text: string; signal: AbortSignal; give: (items: Suggestion[]) => Promise<unknown>; fail: (error: Error) => Promise<unknown> }[] = [];
  const settled = () => vi.advanceTimersByTimeAsync(0);
  const list = new Suggestions(
    (text, signal) =>
      new Promise((yes, no) => {
        asked.push({ text, signal, give: (items) => (yes(items), settled()), fail: (error) => (no(error), settled()) });
      }),
    100,
  );
  return { list, asked };
}
const rest = () => vi.advanceTimersByTime(100);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Suggestions', () => {
  it('asks once the typing rests, and never for an empty box', async () => {
    const { list, asked } = asking();
    for (const text of ['n', 'na', 'nal']) list.type(text);
    rest();
    expect(asked.map((one) => one.text)).toEqual(['nal']);
    await asked[0]?.give([title('Naloxone')]);
    expect(list.open).toBe(true);
    list.type('  ');
    rest();
    expect(asked).toHaveLength(1);
    expect([list.open, list.items.length]).toEqual([false, 0]);
  });

  it('never shows an older answer over a newer one', async () => {
    const { list, asked } = asking();
    list.type('na');
    rest();
    list.type('nal');
    rest();
    expect(asked[0]?.signal.aborted).toBe(true);
    await asked[1]?.give([title('new')]);
    await asked[0]?.give([title('old')]);
    expect(list.items.map((one) => one.text)).toEqual(['new']);
  });

  it('puts itself away in silence when there is no answer, and asks again at the next key', async () => {
    const { list, asked } = asking();
    list.type('na');
    rest();
    await asked[0]?.give([title('Naloxone')]);
    for (const [index, error] of [new Problem({ title: 'away' }, 503), Problem.offline()].entries()) {
      list.type('nal');
      rest();
      await asked[index + 1]?.fail(error);
      expect(list.open).toBe(false);
    }
    list.type('nal');
    rest();
    await asked[3]?.give([title('Naloxone')]);
    expect(list.open).toBe(true);
  });

  it('walks through the list and past its ends back to what was typed', async () => {
    const { list, asked } = asking();
    list.type('na');
    rest();
    await asked[0]?.give([title('a'), topic('b')]);
    expect(list.chosen).toBeUndefined();
    const walked = ([1, 1, 1, -1] as const).map((step) => (list.move(step, 'na'), list.active));
    expect(walked).toEqual([0, 1, -1, 1]);
    expect(list.chosen?.text).toBe('b');
    list.type('nal');
    expect(list.chosen).toBeUndefined();
  });

  it('keeps the place in the list when a late answer has the same suggestion elsewhere', async () => {
    const { list, asked } = asking();
    list.type('na');
    rest();
    await asked[0]?.give([title('a'), title('b')]);
    list.type('nal');
    rest();
    list.move(1, 'nal');
    await asked[1]?.give([title('c'), title('a')]);
    expect(list.chosen?.text).toBe('a');
  });

  it('stays away once put away, and comes back with an arrow key', async () => {
    const { list, asked } = asking();
    list.type('na');
    rest();
    list.close();
    await asked[0]?.give([title('a')]);
    expect(list.open).toBe(false);
    list.type('na');
    rest();
    await asked[1]?.give([title('a')]);
    list.close();
    list.move(1, 'na');
    expect(list.chosen?.text).toBe('a');
    expect(asked).toHaveLength(2);
  });
});

it('leads to an item, or to all that a topic or provider has', () => {
  expect(leadsTo(title('a b'))).toBe('/find/a%20b');
  expect(leadsTo(topic('mat-standards'))).toBe('/find?topic=mat-standards');
  expect(leadsTo({ kind: 'provider', text: 'NES', value: '1' })).toBe('/find?provider=1');
  expect(leadsTo({ kind: 'topic', text: 'nameless' })).toBe('/find?q=nameless');
});
