import { expect, test } from 'vitest';
import { change, hasEnded, sent, terms, typed, what } from './rules';
import type { Requirement } from './rules';

const one = (part: Partial<Requirement>): Requirement => ({ id: 'r', name: 'Naloxone', whom: 'Everybody', roles: [], role_families: [], services: [], items: [], grace_days: 90, window_days: 90, minimum_assurance: 'self_declared', starts_on: '2026-01-01', version: 1, ...part });

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

test('what stands in the form is sent as it stands, and what is not asked for is not', () => {
  const now = typed(one({ roles: [{ slug: 'trainer', label: 'Trainer' }], role_families: [{ slug: 'nursing', label: 'Nursing' }], services: [{ id: 's', name: 'Leith' }] }), '2026-06-30');
  expect(now).toMatchObject({ who: 'some', roles: ['family:nursing', 'trainer'], where: 'some', service_ids: ['s'] });
  expect(sent(now)).toMatchObject({ roles: ['trainer'], role_families: ['nursing'], service_ids: ['s'], starts_on: '2026-01-01' });
  expect(sent({ ...now, who: 'everybody', where: 'everywhere' })).toMatchObject({ roles: [], role_families: [], service_ids: [] });
  expect(sent(now)).not.toHaveProperty('theme');
  expect(change(now)).toMatchObject({ theme: null, level: null, ends_on: null, grace_days: 90 });
  expect(change({ ...now, by: 'theme', theme: 'stigma', level: 'skilled', ends_on: '2026-12-31' })).toMatchObject({ theme: 'stigma', level: 'skilled', item_ids: [], ends_on: '2026-12-31' });
});
