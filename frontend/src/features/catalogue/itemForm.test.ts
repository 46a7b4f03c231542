import { describe, expect, it } from 'vitest';
import { differing, empty, mistakes, pence, toBody } from './itemForm';

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

  it('compares two versions field by field', () => {
    const mine = { ...empty(), title: 'Mine', topics: ['a', 'b'] };
    const theirs = { ...empty(), title: 'Theirs', topics: ['b', 'a'] };
    expect(differing(mine, theirs)).toEqual(['title']);
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
