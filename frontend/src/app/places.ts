// The bar under the header: where each role works. A place appears when its screen exists and the person may open it.
import type { RouteDef } from './router.svelte';
import { find } from './router.svelte';
import type { Role } from './session.svelte';

export interface Place {
  label: string;
  path: string;
  /** Left out: anyone, signed in or not. */
  roles?: Role[];
}

export const places: Place[] = [
  { label: 'Find training', path: '/find' },
  { label: 'My learning', path: '/learning', roles: ['staff'] },
  { label: 'My team', path: '/team', roles: ['manager', 'employer'] },
  { label: 'My organisation', path: '/organisation', roles: ['employer', 'manager'] },
  { label: 'Provider desk', path: '/provider', roles: ['provider'] },
  { label: 'Workforce map', path: '/map', roles: ['planner', 'adp', 'employer'] },
  { label: 'Curation', path: '/curation', roles: ['curator'] },
  { label: 'Administration', path: '/administration', roles: ['admin'] },
];

export function openPlaces(routes: RouteDef[], has: (...roles: Role[]) => boolean): Place[] {
  return places.filter((place) => (!place.roles || has(...place.roles)) && find(routes, place.path));
}
