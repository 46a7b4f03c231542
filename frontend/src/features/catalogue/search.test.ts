import { describe, expect, it } from 'vitest';
import { Search } from './search.svelte';
import type { Found } from './search.svelte';

const answer = (title: string, next?: string): Found =>
  ({ total: 1, hits: [{ id: title, title }], facets: {}, next_cursor: next }) as unknown as Found;

function later(): { promise: Promise<Found>; give: (found: Found) => void; fail: (error: Error) => void } {
  let give!: (found: Found) => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<Found>((yes, no) => ((give = yes), (fail = no)));
  return { promise, give, fail };
}

describe('Search', () => {
  it('never shows an older answer over a newer one', async () => {
    const search = new Search();
    const [old, young] = [later(), later()];
    let aborted = false;
    const first = search.run((signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return old.promise;
    });
    const second = search.run(() => young.promise);
    expect(aborted).toBe(true);
    young.give(answer('naloxone'));
    await second;
    old.give(answer('nal'));
    await first;
    expect(search.hits.map((hit) => hit.title)).toEqual(['naloxone']);
    expect(search.loading).toBe(false);
  });

  it('keeps what was found when a newer search fails, and says so', async () => {
    const search = new Search();
    await search.run(() => Promise.resolve(answer('naloxone')));
    await search.run(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(search.hits).toHaveLength(1);
    expect(search.problem?.offline).toBe(true);
  });

  it('a failure of an older search is nobody’s business', async () => {
    const search = new Search();
    const old = later();
    const first = search.run(() => old.promise);
    await search.run(() => Promise.resolve(answer('new')));
    old.fail(new DOMException('aborted', 'AbortError'));
    await first;
    expect(search.problem).toBeNull();
  });

  it('shows more under what is there, and a new search starts anew', async () => {
    const search = new Search();
    await search.run((_, cursor) => Promise.resolve(cursor ? answer('two') : answer('one', 'c')));
    await search.more();
    expect(search.hits.map((hit) => hit.title)).toEqual(['one', 'two']);
    expect(search.next).toBeUndefined();
    await search.run(() => Promise.resolve(answer('other')));
    expect(search.hits).toHaveLength(1);
  });
});
