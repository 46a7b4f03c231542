// Every screen there is. A feature adds its own in features/<name>/routes.ts.
import { routes as account } from '../features/account/routes';
import { routes as catalogue } from '../features/catalogue/routes';
import { routes as home } from '../features/home/routes';
import { routes as learning } from '../features/learning/routes';
import { routes as mapping } from '../features/mapping/routes';
import { routes as organisation } from '../features/organisation/routes';
import { routes as people } from '../features/people/routes';
import { routes as privacy } from '../features/privacy/routes';
import { routes as reference } from '../features/reference/routes';
import { routes as skill } from '../features/skill/routes';
import { routes as dev } from '../dev/routes';
import type { RouteDef } from './router.svelte';

export const routes: RouteDef[] = [
  ...home,
  ...account,
  ...catalogue,
  ...learning,
  ...people,
  ...organisation,
  ...skill,
  ...mapping,
  ...reference,
  ...privacy,
  ...(import.meta.env.DEV ? dev : []),
];
