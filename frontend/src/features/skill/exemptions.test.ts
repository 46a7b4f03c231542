import { expect, test } from 'vitest';
import { grantedWords, sortByDay, spanWords } from './exemptions';
import type { Exemption } from './exemptions';

const one = (id: string, starts_on: string, ends_on?: string): Exemption => ({
  id,
  requirement_id: 'r',
  person_id: 'p',
  given_name: 'Ann',
  family_name: 'Muir',
  reason: 'No visits.',
  starts_on,
  granted_by: 'Priya Nair',
  granted_at: '2025-12-31T09:05:00Z',
  ...(ends_on && { ends_on }),
});

test('the last day still counts, and what was ended before it began never was', () => {
  const all = [one('planned', '2026-07-01'), one('never', '2026-06-30', '2026-06-29'), one('last-day', '2026-01-01', '2026-06-30'), one('open', '2026-06-30'), one('past', '2026-01-01', '2026-06-29')];
  const { standing, planned, past } = sortByDay(all, '2026-06-30');
  expect(standing.map(({ id }) => id)).toEqual(['last-day', 'open']);
  expect(planned.map(({ id }) => id)).toEqual(['planned']);
  expect(past.map(({ id }) => id)).toEqual(['past']);
});

test('a span says when it ends, or that nobody knows', () => {
  expect(spanWords(one('a', '2026-06-15'))).toBe('from 15 June 2026 until further notice');
  expect(spanWords(one('a', '2026-06-15', '2027-03-01'))).toBe('from 15 June 2026 to 1 March 2027');
});

test('an exemption says who granted it and when', () => {
  const { granted_by: _, ...nameless } = one('a', '2026-06-15');
  expect(grantedWords(one('a', '2026-06-15'))).toBe('Granted by Priya Nair on 31 December 2025.');
  expect(grantedWords(nameless)).toBe('Granted on 31 December 2025.');
});
