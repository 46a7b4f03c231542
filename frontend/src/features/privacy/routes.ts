import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/account/access', title: 'Who has seen my record', roles: ['staff'], component: () => import('./WhoHasSeen.svelte') },
  { path: '/privacy', title: 'Privacy notice', component: () => import('./Privacy.svelte') },
];
