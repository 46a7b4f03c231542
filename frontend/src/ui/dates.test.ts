import { describe, expect, it } from 'vitest';
import { addDays, dateMistake, dateParts, exampleYear, fromParts, iso, today, wrongParts } from './dates';

const whole = (text: string) => {
  const parts = dateParts(text);
  return parts && fromParts(parts);
};

describe('a pasted date', () => {
  it.each(['14/03/2027', '14.3.27', '2027-03-14', '14 March 2027', '14th Mar 2027', 'Sunday 14 March 2027', '2027-03-14T10:00:00Z'])('%s is understood', (text) => expect(whole(text)).toBe('2027-03-14'));
  it.each(['tomorrow', '14 Marchember 2027', '3/2027'])('%s is left to the person', (text) => expect(dateParts(text)).toBeNull());
});

describe('day, month and year', () => {
  it('make a date', () => {
    expect(fromParts({ day: '29', month: '2', year: '2024' })).toBe('2024-02-29');
    expect(fromParts({ day: ' 3', month: 'sept', year: '26' })).toBe('2026-09-03');
  });
  it('that does not exist is none', () => {
    expect(fromParts({ day: '29', month: '2', year: '2025' })).toBeNull();
    expect(fromParts({ day: '31', month: '4', year: '2026' })).toBeNull();
    expect(fromParts({ day: '', month: '4', year: '2026' })).toBeNull();
    expect(iso(1, 13, 2026)).toBeNull();
  });
  it('all empty is an empty answer, not a mistake', () => expect(fromParts({ day: '', month: ' ', year: '' })).toBe(''));
});

it('today is that of Scotland', () => {
  expect(today(new Date('2026-06-30T23:30:00Z'))).toBe('2026-07-01');
  expect(today(new Date('2026-12-31T23:30:00Z'))).toBe('2026-12-31');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

it('says what is wrong with a typed date', () => {
  expect(dateMistake('2026-02-28', 'Enter the first day')).toBeUndefined();
  expect(dateMistake('', 'Enter the first day')).toBe('Enter the first day');
  expect(dateMistake('')).toBeUndefined();
  expect(dateMistake('31/2/2026')).toBe(`31/2/2026 is not a date. Enter one such as 14 3 ${exampleYear()}`);
  expect(dateMistake('31//2026')).toBe('Enter the month');
  expect(dateMistake('31/12/')).toBe('Enter the year');
  expect(dateMistake('1/3/12026')).toBe(`12026 is not a year that we can take. Enter it with four digits, such as ${exampleYear()}`);
});

it('marks the part that is wrong', () => {
  expect(wrongParts({ day: '31', month: '12', year: '' })).toEqual(['year']);
  expect(wrongParts({ day: '31', month: '2', year: '2026' })).toEqual(['day']);
  expect(wrongParts({ day: '1', month: 'Marchember', year: '2026' })).toEqual(['month']);
  expect(wrongParts({ day: '', month: '', year: '' })).toEqual(['day', 'month', 'year']);
  expect(wrongParts({ day: '1', month: '3', year: '2027' })).toEqual(['day', 'month', 'year']);
});
