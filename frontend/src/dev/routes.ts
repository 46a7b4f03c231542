// Only in the development server: every component on one page, for building screens and for looking at them.
import type { RouteDef } from '../app/router.svelte';

export const routes: RouteDef[] = [{ path: '/gallery', title: 'Gallery', component: () => import('./Gallery.svelte') }];
