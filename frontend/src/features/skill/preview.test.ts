import { expect, test } from 'vitest';
import { firstWords, parts, peopleWords } from './preview';
import type { Preview } from './preview';

const preview = (part: Partial<Preview>): Preview => ({ on: '2026-06-30', whom: 'Everybody', exact: true, figures: [], people: [], more: 0, ...part });
const exact = (of: Preview['figures'][number]['of'], count: number) => ({ of, count, words: String(count) });

test('it says how many are asked, in how many posts and from when', () => {
  const figures = [exact('people', 12), exact('posts', 14)];
  expect(peopleWords(preview({ figures, whom: 'Everybody at Leith' }), '2026-06-30')).toBe('Everybody at Leith: 12 people in 14 posts, today.');
  expect(peopleWords(preview({ figures: [exact('people', 1), exact('posts', 1)], on: '2027-03-01' }), '2026-06-30')).toBe('Everybody: 1 person, from 1 March 2027.');
  expect(peopleWords(preview({ figures: [exact('people', 0), exact('posts', 0)] }), '2026-06-30')).toBe('Everybody: nobody today.');
  expect(peopleWords(preview({ exact: false, figures: [{ of: 'people', words: 'fewer than 20' }] }), '2026-06-30')).toBe('Everybody: fewer than 20 people, today.');
});

test('how they would stand, without what is nobody', () => {
  const figures = [exact('people', 5), exact('overdue', 3), exact('newly_overdue', 2), exact('met', 2), exact('due', 0)];
  expect(parts(preview({ figures })).map(({ label, words, note }) => `${label}: ${words}${note}`)).toEqual(['Overdue: 3 (2 of them not overdue as it stands)', 'Met: 2']);
  expect(firstWords(preview({ first_overdue_on: '2026-09-29' }))).toBe('The first is overdue on 29 September 2026, if nothing is recorded until then.');
  expect(firstWords(preview({ exact: false, first_overdue_on: '2026-09-29' }))).toBe('Nobody is overdue before 29 September 2026.');
  expect(firstWords(preview({}))).toBe('');
});
