import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/team', title: 'My team', roles: ['manager', 'employer'], component: () => import('./Team.svelte') },
  { path: '/team/requirements', title: 'Requirements', roles: ['manager', 'employer'], component: () => import('./Requirements.svelte') },
  { path: '/team/requirements/new', title: 'New requirement', roles: ['employer'], component: () => import('./EditRequirement.svelte') },
  { path: '/team/requirements/:requirement_id', title: 'Requirement', roles: ['employer'], component: () => import('./EditRequirement.svelte') },
  { path: '/curation/requirements', title: 'National requirements', roles: ['curator'], component: () => import('./NationalRequirements.svelte') },
  { path: '/curation/requirements/new', title: 'New national requirement', roles: ['curator'], component: () => import('./EditNational.svelte') },
  { path: '/curation/requirements/:requirement_id', title: 'National requirement', roles: ['curator'], component: () => import('./EditNational.svelte') },
];
