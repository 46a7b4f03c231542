// How accounts and roles are written, and the lists that forms choose from.
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/client';
import type { Option } from '../../ui/SelectField.svelte';

export type Role = Schemas['Role'];
export type Grant = Schemas['GrantOut'];

export const roles: { value: Role; label: string; hint: string }[] = [
  { value: 'manager', label: 'Line manager', hint: 'Sees the people of one service and confirms what they have done.' },
  { value: 'employer', label: 'Employer', hint: 'Looks after the services, posts and people of one organisation.' },
  { value: 'provider', label: 'Training provider', hint: 'Keeps the courses of one organisation.' },
  { value: 'adp', label: 'ADP co-ordinator', hint: 'Sees protected figures for one area, never a name.' },
  { value: 'planner', label: 'Planner', hint: 'Sees protected figures for Scotland, never a name.' },
  { value: 'curator', label: 'Curator', hint: 'Decides what the catalogue shows.' },
  { value: 'admin', label: 'Administrator', hint: 'Looks after accounts and organisations.' },
];
export const roleLabel = (role: Role): string => roles.find(({ value }) => value === role)?.label ?? role;

export type SecurityKind = Schemas['SecurityKind'];
export const securityKinds: { value: SecurityKind; label: string }[] = [
  { value: 'signed_in', label: 'Signed in' },
  { value: 'signed_out', label: 'Signed out' },
  { value: 'sign_in_failed', label: 'Wrong sign-in' },
  { value: 'sign_in_locked', label: 'Too many wrong sign-ins' },
  { value: 'refused', label: 'Refused: not allowed' },
  { value: 'foreign_origin', label: 'Refused: sent by another site' },
  { value: 'role_granted', label: 'Role given' },
  { value: 'role_revoked', label: 'Role taken away' },
  { value: 'account_added', label: 'Account added' },
  { value: 'account_disabled', label: 'Account disabled' },
  { value: 'account_enabled', label: 'Account enabled' },
  { value: 'password_changed', label: 'Password changed' },
  { value: 'password_renewed', label: 'New first password' },
  { value: 'exported', label: 'File taken away' },
];
export const securityLabel = (kind: SecurityKind): string => securityKinds.find(({ value }) => value === kind)?.label ?? kind;

/** What a role is granted for: "Govan team, Clyde Recovery", "Glasgow ADP"; empty for all of Cairn. */
export function reach(grant: Pick<Grant, 'service_name' | 'organisation_name' | 'area_name' | 'area'>): string {
  return [grant.service_name, grant.organisation_name, grant.area_name ?? grant.area].filter(Boolean).join(', ');
}
export const roleAndReach = (grant: Grant): string => [roleLabel(grant.role), reach(grant)].filter(Boolean).join(': ');

export const needsOrganisation = (role: string): boolean => ['manager', 'employer', 'provider'].includes(role);

export interface RoleValues {
  role: string;
  organisation_id: string;
  service_id: string;
  area: string;
}
export const noRole = (): RoleValues => ({ role: '', organisation_id: '', service_id: '', area: '' });

/** Only what belongs to the role goes to the backend; the rest stays on the form. */
export function roleBody({ role, organisation_id, service_id, area }: RoleValues): Partial<Schemas['GrantIn']> {
  return {
    ...(role ? { role: role as Role } : {}),
    ...(needsOrganisation(role) ? { organisation_id } : {}),
    ...(role === 'manager' ? { service_id } : {}),
    ...(role === 'adp' ? { area } : {}),
  };
}
export function roleMistakes({ role, organisation_id, service_id, area }: RoleValues): Partial<Record<keyof RoleValues, string | false>> {
  return {
    organisation_id: needsOrganisation(role) && !organisation_id && 'Find and choose the organisation',
    service_id: role === 'manager' && Boolean(organisation_id) && !service_id && 'Choose the service',
    area: role === 'adp' && !area && 'Choose the area',
  };
}

export async function adps(): Promise<Option[]> {
  const areas = await ok(api.GET('/reference/areas', { params: { query: { kind: 'adp' } } }));
  return areas.items.map(({ slug, name }) => ({ value: slug, label: name })).sort((a, b) => a.label.localeCompare(b.label));
}

/** All services of an organisation, up to 500. */
export async function services(id: string): Promise<Option[]> {
  const all: Option[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 5; page += 1) {
    const query = { limit: 100, ...(cursor ? { cursor } : {}) };
    const answer = await ok(api.GET('/directory/organisations/{id}/services', { params: { path: { id }, query } }));
    all.push(...answer.items.filter((one) => !one.closed_on).map((one) => ({ value: one.id, label: one.name })));
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return all;
}

export const crumb = { label: 'Administration', href: '/administration' };
