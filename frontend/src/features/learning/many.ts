// Confirming several at once.
import type { Schemas } from '../../api/client';
import type { Completion } from './words';

/** As many as one request takes. */
export const most = 100;

export interface Group {
  id: string;
  title: string;
  ids: string[];
}

/** Items that more than one in the list is of, most first: what can be ticked in one go. */
export function groups(list: Completion[]): Group[] {
  const found = new Map<string, Group>();
  for (const { id, item } of list) {
    const group = found.get(item.id) ?? { id: item.id, title: item.title, ids: [] };
    group.ids.push(id);
    found.set(item.id, group);
  }
  return [...found.values()].filter((group) => group.ids.length > 1).sort((a, b) => b.ids.length - a.ids.length || a.title.localeCompare(b.title, 'en-GB'));
}

/** A line of the answer, named from the list when the server no longer may. */
export function called(one: Schemas['ConfirmedOut'], list: Completion[]): Schemas['ConfirmedOut'] {
  const shown = list.find((other) => other.id === one.completion_id);
  return { ...one, title: one.title ?? shown?.item.title, person: one.person ?? shown?.person.name };
}
