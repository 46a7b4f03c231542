// What a start page says to do next. A feature adds a panel for the roles that it concerns; the first stands on top.
// A panel is a <section> with an h2; it fetches its own data (<Loading>) and is short: at most five lines and one link on.
import type { Component } from 'svelte';
import type { Role } from '../../app/session.svelte';

export interface Panel {
  roles: Role[];
  component: () => Promise<{ default: Component<any> }>;
}

export const panels: Panel[] = [
  { roles: ['staff'], component: () => import('../learning/Rejections.svelte') },
  { roles: ['staff'], component: () => import('../people/EmployerQuestions.svelte') },
  { roles: ['manager', 'employer'], component: () => import('../skill/TeamPanel.svelte') },
  { roles: ['manager', 'employer'], component: () => import('../learning/ConfirmPanel.svelte') },
  { roles: ['curator', 'provider'], component: () => import('../catalogue/EditorPanel.svelte') },
  { roles: ['planner', 'adp'], component: () => import('../mapping/MapPanel.svelte') },
  { roles: ['admin'], component: () => import('../account/AdminPanel.svelte') },
  { roles: ['staff'], component: () => import('../skill/DuePanel.svelte') },
  { roles: ['staff'], component: () => import('./NewPanel.svelte') },
];
