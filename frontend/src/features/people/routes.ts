import type { RouteDef } from '../../app/router.svelte';

const roles: RouteDef['roles'] = ['employer', 'manager'];

export const routes: RouteDef[] = [
  { path: '/account/details', title: 'My details', roles: ['staff'], component: () => import('./MyDetails.svelte') },
  { path: '/organisation/people', title: 'People', roles, component: () => import('./People.svelte') },
  { path: '/organisation/people/new', title: 'Add a person', roles: ['employer'], component: () => import('./PersonNew.svelte') },
  { path: '/organisation/people/:person_id', title: 'Person', roles, component: () => import('./Person.svelte') },
  { path: '/organisation/people/:person_id/merge', title: 'Merge two people', roles: ['employer'], component: () => import('./Merge.svelte') },
  { path: '/organisation/people/:person_id/appoint', title: 'Add an appointment', roles: ['employer'], component: () => import('./Appoint.svelte') },
  { path: '/organisation/people/:person_id/appointments/:appointment_id', title: 'Correct an appointment', roles: ['employer'], component: () => import('./Appoint.svelte') },
  { path: '/organisation/people/:person_id/appointments/:appointment_id/change', title: 'Change hours or post', roles: ['employer'], component: () => import('./AppointmentChange.svelte') },
  { path: '/organisation/people/:person_id/appointments/:appointment_id/end', title: 'End an appointment', roles: ['employer'], component: () => import('./AppointmentEnd.svelte') },
];
