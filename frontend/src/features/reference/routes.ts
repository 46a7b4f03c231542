import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [{ path: '/codes', title: 'Codes and definitions', component: () => import('./Codes.svelte') }];
