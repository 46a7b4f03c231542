import { describe, expect, it } from 'vitest';
import { empty, mistakes, parts, pence, toBody } from './itemForm';
import type { Field, Lists } from './itemForm';

describe('the item form', () => {
  it('reads pounds and refuses what is none', () => {
    expect(pence('12.50')).toBe(1250);
    expect(pence('£1,200')).toBe(120000);
    expect(pence('twelve')).toBeUndefined();
    expect(pence('1.5')).toBeUndefined();
  });

  it('says what it can see is wrong before anything is sent', () => {
    expect(Object.keys(mistakes({ ...empty(), minutes: '1 hour' }))).toEqual(['title', 'provider', 'minutes']);
  });

  it('empties what was emptied', () => {
    const body = toBody({ ...empty(), title: 'A', provider: 'B', url: ' ', themes: { stigma: 'none', 'human-rights': '' } });
    expect(body.url).toBeNull();
    expect(body.themes).toEqual([{ slug: 'stigma', level: null }]);
    expect('ref' in body).toBe(false);
  });

  it('sets two versions side by side in words, part by part', () => {
    const lists = { providers: [], delivery: [], cost: [], areas: [], topics: [{ slug: 'b', label: 'Bereavement' }, { slug: 'a', label: 'Alcohol' }] } as unknown as Lists;
    const of = parts(lists);
    const spell = (field: Field, value: unknown) => (of[field] as { spell: (value: unknown) => string }).spell(value);
    expect(Object.keys(of).sort()).toEqual(Object.keys(empty()).sort());
    expect(spell('topics', ['b', 'a'])).toBe(spell('topics', ['a', 'b']));
    expect(spell('topics', ['b', 'a'])).toBe('Alcohol, Bereavement');
    expect(spell('themes', { stigma: 'skilled', 'human-rights': 'none', 'trauma-informed': '' })).toBe('Human rights-based approach, Tackling stigma: skilled');
    expect(spell('review_by', '2027-03-14')).toBe('14 March 2027');
    expect(spell('review_by', '31/2/2027')).toBe('31/2/2027');
  });
});

it('a price with a comma for the pence is not taken for a thousand', () => {
  expect(pence('1,250')).toBe(125_000);
  expect(pence('£12.50')).toBe(1250);
  expect(pence('12,5')).toBeUndefined();
  expect(pence('12,50')).toBeUndefined();
});

it('what is free has no price, and a number that is wrong is named', () => {
  expect(toBody({ ...empty(), cost: 'free', cost_pence: '12' }).cost_pence).toBeNull();
  expect(toBody({ ...empty(), cost: 'fee', cost_pence: '12' }).cost_pence).toBe(1200);
  expect(mistakes({ ...empty(), title: 'A', provider: 'B', minutes: 'two hours' })).toEqual({ minutes: 'Minutes: enter a whole number, in digits.' });
});
