import { describe, expect, it } from 'vitest';
import { presetsFor } from './presets';
import { address, coarser, fromQuery, question, sameAxis, skillWords, toBody, toQuery } from './question';

const whole = question({
  measures: ['coverage', 'headcount'],
  by: ['adp', 'role_family', 'sector'],
  as_at: '2026-03-31',
  filters: { health_board: ['nhs-fife', 'nhs-tayside'], tier: ['3'] },
  assurance: 'manager_confirmed',
  theme: 'stigma',
  level: 'skilled',
});

describe('the address', () => {
  it('holds the whole question', () => {
    expect(fromQuery(new URLSearchParams(toQuery(whole)))).toEqual(whole);
    for (const preset of presetsFor((role) => role === 'planner')) {
      const query = new URL(address(preset.question), 'http://x').searchParams;
      expect(fromQuery(query)).toEqual(preset.question);
    }
  });
  it('leaves out what Cairn does not know, and what contradicts', () => {
    const query = new URLSearchParams('measure=happiness&measure=posts&by=planet&by=adp&by=adp&only=planet:mars&only=tier&assurance=guess&collection=c1&as_at=2026-01-01&requirement=r1&theme=stigma&known_at=soon');
    expect(fromQuery(query)).toEqual(question({ measures: ['posts'], by: ['adp'], collection: 'c1', requirement: 'r1' }));
  });
  it('says nothing of skills when none is measured', () => {
    expect(toQuery({ ...whole, measures: ['posts'] })).not.toContain('theme');
  });
});

describe('what is sent', () => {
  it('has the second dimension in columns and nothing that was left open', () => {
    expect(toBody(whole)).toEqual({
      measures: ['coverage', 'headcount'],
      rows: ['adp', 'sector'],
      columns: ['role_family'],
      filters: { health_board: ['nhs-fife', 'nhs-tayside'], tier: ['3'] },
      as_at: '2026-03-31',
      assurance: 'manager_confirmed',
      theme: 'stigma',
      level: 'skilled',
    });
    expect(toBody(question({ measures: ['posts'], theme: 'stigma', level: 'skilled' }))).toEqual({ measures: ['posts'], rows: [], columns: [], filters: {} });
  });
});

it('areas cut the same thing, and so do roles and families', () => {
  expect(sameAxis('adp', 'council')).toBe(true);
  expect(sameAxis('role', 'role_family')).toBe(true);
  expect(sameAxis('adp', 'role')).toBe(false);
});

it('a refused question leads to coarser ones', () => {
  const ways = coarser(question({ measures: ['headcount'], by: ['council', 'role'] }));
  expect(ways.map(({ question: { by } }) => by)).toEqual([['health_board', 'role'], ['council', 'role_family'], ['council']]);
});

it('says which skill is counted, and how far it must be trusted', () => {
  const words = { themes: [{ id: 'stigma', label: 'Tackling stigma' }], levels: [{ id: 'skilled', label: 'Skilled' }], requirements: [{ id: 'r1', label: 'Lone working' }] };
  expect(skillWords(whole, words)).toBe('Tackling stigma, skilled level; manager confirmed or better');
  expect(skillWords(question({ measures: ['compliance'], requirement: 'r1', assurance: 'provider_issued' }), words)).toBe('Lone working; provider issued');
  expect(skillWords(question({ measures: ['coverage'] }), words)).toBe('Everything that is required; any record counts');
  expect(skillWords(question({ measures: ['posts'], theme: 'stigma' }), words)).toBe('');
});
