import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/', title: 'Home', component: () => import('./Home.svelte') },
  { path: '/about', title: 'About Cairn', component: () => import('./About.svelte') },
  { path: '/accessibility', title: 'Accessibility statement', component: () => import('./Accessibility.svelte') },
];
