import type { RouteDef } from '../../app/router.svelte';

const roles: RouteDef['roles'] = ['employer', 'manager'];

export const routes: RouteDef[] = [
  { path: '/organisation', title: 'My organisation', roles, component: () => import('./Overview.svelte') },
  { path: '/organisation/services', title: 'Services', roles, component: () => import('./Services.svelte') },
  { path: '/organisation/services/new', title: 'Add a service', roles: ['employer'], component: () => import('./ServiceForm.svelte') },
  { path: '/organisation/services/:service_id', title: 'Service', roles: ['employer'], component: () => import('./ServiceForm.svelte') },
  { path: '/organisation/posts', title: 'Posts and vacancies', roles, component: () => import('./Posts.svelte') },
  { path: '/organisation/posts/new', title: 'Add a post', roles: ['employer'], component: () => import('./PostNew.svelte') },
  { path: '/organisation/posts/:post_id', title: 'Post', roles, component: () => import('./Post.svelte') },
  { path: '/administration/organisations', title: 'Organisations', roles: ['admin'], component: () => import('./Directory.svelte') },
  { path: '/administration/organisations/new', title: 'Add an organisation', roles: ['admin'], component: () => import('./DirectoryEntry.svelte') },
  { path: '/administration/organisations/:organisation_id', title: 'Organisation', roles: ['admin'], component: () => import('./DirectoryEntry.svelte') },
];
