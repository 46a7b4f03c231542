import { expect, test } from 'vitest';
import { grouped, hasEnded, terms, what } from './rules';
import type { Requirement } from './rules';

const one = (part: Partial<Requirement>): Requirement => ({ id: 'r', name: 'Naloxone', items: [], grace_days: 90, window_days: 90, minimum_assurance: 'self_declared', starts_on: '2026-01-01', version: 1, ...part });

test('a requirement says what meets it, by when and since when', () => {
  expect(what(one({ theme: 'stigma', theme_label: 'Tackling stigma', level: 'skilled' }))).toBe('Any module that builds “Tackling stigma” at skilled level or above');
  expect(terms(one({}), '2026-06-30')).toBe('Within 90 days of starting, self-declared or better. Asked since 1 January 2026.');
  expect(terms(one({ grace_days: 0, minimum_assurance: 'provider_issued', starts_on: '2026-07-01', ends_on: '2026-12-31' }), '2026-06-30')).toBe(
    'From the first day, provider issued. Asked from 1 July 2026, until 31 December 2026.',
  );
});

test('its last day still counts', () => {
  expect(hasEnded(one({ ends_on: '2026-06-30' }), '2026-06-30')).toBe(false);
  expect(hasEnded(one({ ends_on: '2026-06-29' }), '2026-06-30')).toBe(true);
});

test('the same of several roles is one entry, and what differs stays apart', () => {
  const all = [one({ id: 'a', role: 'nurse' }), one({ id: 'b', role: 'worker' }), one({ id: 'c', role: 'lead', grace_days: 30 }), one({ id: 'd', organisation_id: 'o' }), one({ id: 'e', role: 'nurse' })];
  expect(grouped(all, '2026-06-30').map((group) => group.map(({ id }) => id))).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
});
