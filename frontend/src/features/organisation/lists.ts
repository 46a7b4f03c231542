// The lists that the forms choose from, fetched once.
import { api, ok } from '../../api/client';
import type { Option } from '../../ui/SelectField.svelte';

function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () =>
    (kept ??= fetch().catch((error: unknown) => {
      kept = undefined;
      throw error;
    }));
}

const options = (terms: { slug: string; label: string }[]): Option[] => terms.map(({ slug, label }) => ({ value: slug, label }));

export const serviceLists = once(async () => {
  const [areas, types, tiers, sectors] = await Promise.all([
    ok(api.GET('/reference/areas', { params: { query: { kind: 'council' } } })),
    ok(api.GET('/reference/service-types')),
    ok(api.GET('/reference/vocabularies/{id}', { params: { path: { id: 'tier' } } })),
    ok(api.GET('/reference/sectors')),
  ]);
  const councils = areas.items.map(({ slug, name }) => ({ value: slug, label: name })).sort((a, b) => a.label.localeCompare(b.label));
  return { councils, types: options(types.items), tiers: options(tiers.items), sectors: options(sectors.items) };
});

export const roles = once(async (): Promise<Option[]> => {
  const { families, items } = await ok(api.GET('/reference/roles'));
  return families.flatMap((family) => items.filter((role) => role.parent === family.slug).map((role) => ({ value: role.slug, label: role.label, group: family.label })));
});

export const sectors = once(async () => options((await ok(api.GET('/reference/sectors'))).items));

export const payFrameworks = once(async () => options((await ok(api.GET('/reference/pay-frameworks'))).items));

/** All services that are open, for a choice. Organisations with more than 500 can still search by page. */
export async function openServices(organisation: string): Promise<Option[]> {
  const all: Option[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 5; page += 1) {
    const query = { limit: 100, ...(cursor ? { cursor } : {}) };
    const answer = await ok(api.GET('/organisations/{id}/services', { params: { path: { id: organisation }, query } }));
    all.push(...answer.items.map(({ id, name }) => ({ value: id, label: name })));
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return all;
}

/** The open posts of a service, for a choice: what is vacant is said beside each. */
export async function openPosts(organisation: string, service: string): Promise<Option[]> {
  const answer = await ok(api.GET('/organisations/{id}/posts', { params: { path: { id: organisation }, query: { service, limit: 100 } } }));
  return answer.items.map((post) => ({
    value: post.id,
    label: `${post.role_label} (${post.reference}${post.vacant_thousandths > 0 ? `, ${post.vacant_thousandths / 1000} WTE vacant` : ''})`,
  }));
}
