import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [
  { path: '/find', title: 'Find training', component: () => import('./Find.svelte') },
  { path: '/find/:id', title: 'Item', component: () => import('./Item.svelte') },
  { path: '/find/:id/edit', title: 'Edit', roles: ['provider', 'curator'], component: () => import('./Edit.svelte') },
  { path: '/provider', title: 'Provider desk', roles: ['provider'], component: () => import('./ProviderDesk.svelte') },
  { path: '/curation', title: 'Curation', roles: ['curator'], component: () => import('./Curation.svelte') },
  { path: '/curation/items', title: 'All items', roles: ['curator'], component: () => import('./AllItems.svelte') },
  { path: '/catalogue/new', title: 'New item', roles: ['provider', 'curator'], component: () => import('./Edit.svelte') },
  { path: '/catalogue/import', title: 'Import items', roles: ['provider', 'curator'], component: () => import('./Import.svelte') },
];
