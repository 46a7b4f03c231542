import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/map', title: 'Workforce map', roles: ['planner', 'adp', 'employer'], component: () => import('./WorkforceMap.svelte') },
];
