import type { RouteDef } from '../../app/router.svelte';

export const routes: RouteDef[] = [];
