import { describe, expect, it } from 'vitest';
import { ourPage } from './back';

const origin = 'https://cairn.example.scot';

describe('the page after signing in', () => {
  it('is one of ours with all that belongs to it', () => {
    for (const page of ['/', '/learning', '/catalogue?q=a%2Fb&level=skilled', '/people/1#posts', '/sign-in-help']) expect(ourPage(page, origin)).toBe(page);
  });
  it.each([
    '//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '\t//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/x/..//evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '//cairn.example.scot@evil.example',
    '//[',
    '',
  ])('is never elsewhere: %j', (wanted) => {
    expect(ourPage(wanted, origin)).toBe('/');
  });
  it('is not the sign-in page again', () => {
    expect(ourPage('/sign-in?return=/x', origin)).toBe('/');
    expect(ourPage('/x/../sign-in', origin)).toBe('/');
  });
});
