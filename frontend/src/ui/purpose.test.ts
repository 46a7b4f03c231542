import { describe, expect, it } from 'vitest';

// WCAG 1.3.5: a field about whoever fills it in says its purpose; one about anybody else offers nothing of theirs.
const files = import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true });
const sources = Object.entries(files)
  .map(([path, text]) => ({ path: path.replace(/^\.\.\//, '').replace(/^\.\//, 'ui/'), text }))
  .filter(({ path }) => !path.includes('testing/') && !path.startsWith('dev/'));
const tags = (text: string, name: string) => [...text.matchAll(new RegExp(`<${name}\\b(?:[^>"'{]|"[^"]*"|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*>`, 'g'))].map(([tag]) => tag);
const purpose = (tag: string) => /\bautocomplete="([^"]*)"/.exec(tag)?.[1];

/** Where people write about themselves, with the purposes in order. */
const own: Record<string, string[]> = {
  'features/account/SignIn.svelte': ['username', 'current-password'],
  'features/account/ChangePassword.svelte': ['current-password', 'new-password', 'new-password'],
  'features/people/MyDetails.svelte': ['given-name', 'family-name'],
};

describe('the purpose of fields', () => {
  it('is said where people write about themselves', () => {
    for (const [path, purposes] of Object.entries(own)) {
      const source = sources.find((one) => one.path === path);
      expect(tags(source?.text ?? '', 'TextField').map(purpose), path).toEqual(purposes);
    }
  });

  it('is none anywhere else', () => {
    const told = sources.filter(({ path }) => !(path in own)).flatMap(({ path, text }) => tags(text, 'TextField').filter((tag) => purpose(tag)).map((tag) => `${path}: ${tag}`));
    expect(told).toEqual([]);
    // what is no TextField says itself that it offers nothing
    const silent = sources
      .filter(({ path }) => path !== 'ui/TextField.svelte')
      .flatMap(({ path, text }) => ['input', 'textarea', 'select'].flatMap((name) => tags(text, name)).filter((tag) => !/type="(radio|checkbox|file)"/.test(tag) && !purpose(tag)).map((tag) => `${path}: ${tag}`));
    expect(silent).toEqual([]);
    expect(sources.flatMap(({ text }) => tags(text, 'TextField')).length).toBeGreaterThan(20);
  });
});
