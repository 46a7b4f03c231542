import { describe, expect, it } from 'vitest';
import { byTheme, counts, deed, held, lapses, waitingWords, waits } from './words';
import type { Completion } from './words';

const one = (title: string, themes: string[]): Completion =>
  ({ item: { title, themes: themes.map((label) => ({ slug: label, label })) } }) as unknown as Completion;

describe('words of completions', () => {
  it('say until when something is held', () => {
    expect(held({ standing: 'current', valid_through: '2027-02-27' })).toBe('You hold this until 27 February 2027');
    expect(held({ standing: 'expired', valid_through: '2025-02-27' })).toBe('You held this until 27 February 2025');
    expect(held({ standing: 'lasting' })).toBe('You hold this for good');
    expect(held({ standing: 'current', valid_through: '2027-02-27' }, 'they')).toBe('Held until 27 February 2027');
  });

  it('say what waits for a word, and nothing where nothing does', () => {
    const waiting = (needs: string) => ({ waiting: [{ needs, since: '2026-05-03', words: 'Callum Reid at Glenrowan has to confirm it.' }] }) as unknown as Completion;
    expect(waitingWords(waiting('manager_confirmed'))).toBe('Waiting for confirmation since 3 May 2026');
    expect(waitingWords(waiting('evidence_attached'))).toBe('Needs evidence before it counts');
    expect(waitingWords({ waiting: [] })).toBe('');
    expect(waits(waiting('manager_confirmed'))).toEqual(['Callum Reid at Glenrowan has to confirm it.']);
  });

  it('count the days', () => {
    expect(lapses({ days_left: 12, valid_through: '2027-05-03' })).toBe('Lapses in 12 days, after 3 May 2027');
    expect(lapses({ days_left: 1, valid_through: '2027-05-03' })).toBe('Lapses in 1 day, after 3 May 2027');
    expect(lapses({ days_left: 0, valid_through: '2027-05-03' })).toBe('Lapses after today');
    expect(lapses({ days_left: -1, valid_through: '2027-05-03' })).toBe('Lapsed 1 day ago, after 3 May 2027');
  });

  it('say how long a completion counts', () => {
    expect(counts(null)).toBe('A completion of this does not expire.');
    expect(counts(12)).toBe('A completion counts for 1 year.');
    expect(counts(18)).toBe('A completion counts for 18 months.');
  });

  it('name who did what', () => {
    expect(deed({ kind: 'confirmed', by: 'Morag', organisation: 'Clyde Recovery' } as never)).toBe('Confirmed by Morag, Clyde Recovery');
    expect(deed({ kind: 'recorded' } as never)).toBe('Recorded');
  });

  it('group by theme, the themeless last', () => {
    const groups = byTheme([one('a', ['Stigma']), one('b', []), one('c', ['Families', 'Stigma'])]);
    expect(groups.map(([label, list]) => [label, list.length])).toEqual([['Families', 1], ['Stigma', 2], ['', 1]]);
  });
});
