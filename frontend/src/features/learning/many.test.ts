import { describe, expect, it } from 'vitest';
import { called, groups } from './many';
import type { Completion } from './words';

const of = (id: string, item: string, person = 'Ailsa') => ({ id, item: { id: item, title: `Item ${item}` }, person: { name: person } }) as unknown as Completion;

describe('confirming several at once', () => {
  it('groups what is of one item, most first, and leaves single ones out', () => {
    const list = [of('1', 'a'), of('2', 'b'), of('3', 'b'), of('4', 'c'), of('5', 'b'), of('6', 'c')];
    expect(groups(list)).toEqual([
      { id: 'b', title: 'Item b', ids: ['2', '3', '5'] },
      { id: 'c', title: 'Item c', ids: ['4', '6'] },
    ]);
  });
  it('names what the server no longer names', () => {
    const gone = { completion_id: '1', outcome: 'not_found' as const, words: 'We could not find this.' };
    expect(called(gone, [of('1', 'a', 'Una')])).toMatchObject({ title: 'Item a', person: 'Una' });
    expect(called({ ...gone, title: 'T', person: 'P' }, [of('1', 'a')])).toMatchObject({ title: 'T', person: 'P' });
  });
});
