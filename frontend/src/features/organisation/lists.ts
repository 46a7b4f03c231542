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

/** Every page of a list, however long: a choice that is cut off in silence hides what somebody looks for. */
async function everything<T>(page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    all.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor);
  return all;
}

/** All services that are open, for a choice. */
export async function openServices(organisation: string): Promise<Option[]> {
  const services = await everything((cursor) => {
    const query = { limit: 100, ...(cursor ? { cursor } : {}) };
    return ok(api.GET('/organisations/{id}/services', { params: { path: { id: organisation }, query } }));
  });
  return services.map(({ id, name }) => ({ value: id, label: name }));
}

/** The open posts of a service, for a choice: what is vacant is said beside each. */
export async function openPosts(organisation: string, service: string): Promise<Option[]> {
  const posts = await everything((cursor) => {
    const query = { service, limit: 100, ...(cursor ? { cursor } : {}) };
    return ok(api.GET('/organisations/{id}/posts', { params: { path: { id: organisation }, query } }));
  });
  return posts.map((post) => ({
    value: post.id,
    label: `${post.role_label} (${post.reference}${post.vacant_thousandths > 0 ? `, ${post.vacant_thousandths / 1000} WTE vacant` : ''})`,
  }));
}
