import { describe, expect, it } from 'vitest';
import { addDays, today } from '../../ui/dates';
import { fromToday, needsReason, termsMistakes, toTerms } from './terms';

describe('from when a change of what drives compliance holds', () => {
  it('is today unless somebody says otherwise', () => {
    expect(toTerms(fromToday())).toEqual({ for_all: false });
    expect(termsMistakes(fromToday())).toEqual({});
  });
  it('needs a reason as soon as it is about the past', () => {
    const day = (by: number) => ({ how: 'day' as const, day: addDays(today(), by), reason: '' });
    expect([needsReason(day(-1)), needsReason(day(0)), needsReason(day(30))]).toEqual([true, false, false]);
    expect(termsMistakes(day(-1)).reason).toBeTruthy();
    expect(termsMistakes({ how: 'all', day: '', reason: ' ' }).reason).toBeTruthy();
    expect(toTerms({ how: 'all', day: '', reason: ' It was wrong ' })).toEqual({ for_all: true, reason: 'It was wrong' });
    expect(toTerms(day(30))).toEqual({ for_all: false, from: addDays(today(), 30) });
  });
});
