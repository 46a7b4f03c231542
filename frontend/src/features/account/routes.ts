import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [{ path: '/sign-in', title: 'Sign in', component: () => import('./SignIn.svelte') }];
