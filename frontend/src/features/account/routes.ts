import type { RouteDef } from '../../app/router.svelte';

const roles: RouteDef['roles'] = ['admin'];

export const routes: RouteDef[] = [
  { path: '/sign-in', title: 'Sign in', component: () => import('./SignIn.svelte') },
  { path: '/account/password', title: 'Change password', roles: ['staff'], component: () => import('./ChangePassword.svelte') },
  { path: '/administration', title: 'Administration', roles, component: () => import('./Administration.svelte') },
  { path: '/administration/security', title: 'Security log', roles, component: () => import('./SecurityLog.svelte') },
  { path: '/administration/accounts', title: 'Accounts', roles, component: () => import('./Accounts.svelte') },
  { path: '/administration/accounts/new', title: 'Add an account', roles, component: () => import('./AccountNew.svelte') },
  { path: '/administration/accounts/:account_id', title: 'Account', roles, component: () => import('./AccountPage.svelte') },
  { path: '/administration/accounts/:account_id/grant', title: 'Give a role', roles, component: () => import('./GrantRole.svelte') },
];
