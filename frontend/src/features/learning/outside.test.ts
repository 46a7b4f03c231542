import { describe, expect, it } from 'vitest';
import { facts, hoursMistake, minutesOf } from './outside';

describe('learning outside of the catalogue', () => {
  it('takes hours as people type them', () => {
    expect(['6', ' 1.5 ', '1,5', '0:45', '7 hours', '6h'].map(minutesOf)).toEqual([360, 90, 90, 45, 420, 360]);
    expect(['', 'a day', '-1', '1e3', '99999', '1.234', '1:75'].map(minutesOf)).toEqual(Array(7).fill(undefined));
  });
  it('says what is wrong with them, and nothing when there are none', () => {
    expect(['', '6', '2000'].map(hoursMistake)).toEqual([false, false, false]);
    expect(['a day', '0', '2001'].every((hours) => hoursMistake(hours))).toBe(true);
  });
  it('tells what it was in one line', () => {
    expect(facts({ provider: 'Our own team', completed_on: '2026-05-03', minutes: 90 })).toBe('Our own team, finished 3 May 2026, 1 hour 30 minutes');
    expect(facts({ provider: 'Our own team', completed_on: '2026-05-03' })).toBe('Our own team, finished 3 May 2026');
  });
});
