import { describe, expect, it } from 'vitest';
import { hoursText, minutesOf, thousandthsOf, weekly, wteText } from './amounts';

describe('hours as people write them', () => {
  it.each([
    ['36', 2160],
    ['37.5', 2250],
    ['37,5', 2250],
    ['37½', 2250],
    ['37:30', 2250],
    ['37h 30m', 2250],
    ['37 hours', 2220],
    ['0', 0],
  ])('reads %s', (text, minutes) => expect(minutesOf(text)).toBe(minutes));
  it.each(['', 'full time', '37:75', '-5', '1e3', '.'])('refuses %j', (text) => expect(minutesOf(text)).toBeNull());
  it('writes them back', () => {
    expect(hoursText(2250)).toBe('37.5');
    expect(hoursText(2240)).toBe('37:20');
    expect(weekly(60)).toBe('1 hour a week');
    expect(minutesOf(hoursText(2240))).toBe(2240);
  });
});

describe('WTE as people write it', () => {
  it.each([
    ['1', 1000],
    ['0.8', 800],
    ['.5', 500],
    ['2,25', 2250],
    ['1.5 WTE', 1500],
  ])('reads %s', (text, thousandths) => expect(thousandthsOf(text)).toBe(thousandths));
  it.each(['', 'one', '-1', '1.2345', '.'])('refuses %j', (text) => expect(thousandthsOf(text)).toBeNull());
  it('writes it back', () => expect(wteText(thousandthsOf('0.875') ?? 0)).toBe('0.875'));
});
