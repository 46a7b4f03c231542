import { describe, expect, it } from 'vitest';
import { bytes, date, duration, figure, instant, list, money, percent, plural, shortDate, words, wte } from './format';

describe('dates', () => {
  it('are written in full', () => {
    expect(date('2027-03-14')).toBe('14 March 2027');
    expect(date('2024-02-29')).toBe('29 February 2024');
    expect(date(null)).toBe('');
    expect(shortDate('2027-05-03')).toBe('3 May');
  });

  it('of instants are those of Scotland, in summer too', () => {
    expect(instant('2027-03-14T09:05:00Z')).toBe('14 March 2027 at 9:05');
    expect(instant('2027-06-30T23:30:00Z')).toBe('1 July 2027 at 0:30');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 minutes'],
    [1, '1 minute'],
    [45, '45 minutes'],
    [60, '1 hour'],
    [90, '1 hour 30 minutes'],
    [120, '2 hours'],
    [210, 'half a day'],
    [420, '1 day'],
    [630, '1½ days'],
    [840, '2 days'],
    [500, '8 hours 20 minutes'],
  ])('%i minutes are "%s"', (minutes, text) => expect(duration(minutes)).toBe(text));
});

describe('figures', () => {
  it('keep one decimal for WTE and rates', () => {
    expect(wte(12)).toBe('12.0');
    expect(wte(1234.56)).toBe('1,234.6');
    expect(percent(9.05)).toBe('9.1%');
  });

  it('give way to their marker, and a true zero prints 0', () => {
    expect(figure(3, 'c')).toBe('[c]');
    expect(figure(null, null)).toBe('[x]');
    expect(figure(0, null)).toBe('0');
    expect(figure(9.1, null, percent)).toBe('9.1%');
  });

  it('of money are pounds', () => {
    expect(money(0)).toBe('Free');
    expect(money(1250)).toBe('£12.50');
    expect(money(15000)).toBe('£150');
  });
});

it('words', () => {
  expect(plural(1, 'course')).toBe('1 course');
  expect(plural(2400, 'person', 'people')).toBe('2,400 people');
  expect(words('health_board')).toBe('Health board');
  expect(list(['a', 'b', 'c'])).toBe('a, b and c');
  expect(bytes(10 * 1024 * 1024)).toBe('10 MB');
});
