import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/team', title: 'My team', roles: ['manager', 'employer'], component: () => import('./Team.svelte') },
  { path: '/team/requirements', title: 'Requirements', roles: ['manager', 'employer'], component: () => import('./Requirements.svelte') },
  { path: '/team/requirements/new', title: 'New requirement', roles: ['employer'], component: () => import('./EditRequirement.svelte') },
  { path: '/team/requirements/:requirement_id', title: 'Requirement', roles: ['employer'], component: () => import('./EditRequirement.svelte') },
];
