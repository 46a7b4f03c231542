import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/learning', title: 'My learning', roles: ['staff'], component: () => import('./MyLearning.svelte') },
  { path: '/learning/record', title: 'Record completion', roles: ['staff'], component: () => import('./RecordCompletion.svelte') },
  { path: '/learning/outside/new', title: 'Record learning that is not in the catalogue', roles: ['staff'], component: () => import('./OutsideForm.svelte') },
  { path: '/learning/completions/:completion_id', title: 'Completion', roles: ['staff'], component: () => import('./CompletionPage.svelte') },
  { path: '/team/confirm', title: 'To confirm', roles: ['manager', 'employer'], component: () => import('./ToConfirm.svelte') },
];
