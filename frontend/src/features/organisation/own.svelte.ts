// Which organisation the screens are about: `?organisation=` when the person works with several, else the only one.
import { router } from '../../app/router.svelte';
import { session } from '../../app/session.svelte';

export interface Own {
  id: string;
  name: string;
  mayEdit: boolean;
}

/** Every organisation that the person works with as employer or manager. */
export function owns(): Own[] {
  const found = new Map<string, Own>();
  for (const { role, organisation_id: id, organisation_name: name } of session.me?.roles ?? []) {
    if (!id || (role !== 'employer' && role !== 'manager')) continue;
    const mayEdit = role === 'employer' || (found.get(id)?.mayEdit ?? false);
    found.set(id, { id, name: name ?? 'My organisation', mayEdit });
  }
  return [...found.values()];
}

/** The one that the address names, or the first. */
export function own(): Own {
  const all = owns();
  return all.find(({ id }) => id === router.query.get('organisation')) ?? all[0] ?? { id: '', name: 'My organisation', mayEdit: false };
}

/** A link inside these screens, which stays with the organisation. */
export function to(path: string, query: Record<string, string> = {}): string {
  const all = new URLSearchParams(query);
  if (owns().length > 1) all.set('organisation', own().id);
  const text = all.toString();
  return `/organisation${path}${text ? `?${text}` : ''}`;
}
