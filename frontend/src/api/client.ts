// The only way to the backend, and the only importer of openapi-fetch. Use it as
//   const item = await ok(api.GET('/catalogue/items/{id}', { params: { path: { id } } }));
// `ok` returns the data or throws a Problem; a lost session goes to the sign-in page and comes back.
import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { components, paths } from './schema';

export { Problem } from './problem';
export type { FieldProblem } from './problem';
export type Schemas = components['schemas'];

export const api = createClient<paths>({
  baseUrl: `${location.origin}/api`,
  credentials: 'same-origin',
  headers: { Accept: 'application/json' },
  fetch: (request) => globalThis.fetch(request),
  querySerializer: { array: { style: 'form', explode: true } },
});

// Every JSON POST carries an Idempotency-Key. When no answer came, the same request sent again
// carries the same key, so that what did arrive the first time is not done twice.
const unanswered = new Map<string, string>();
const sent = new WeakMap<Request, string>();
// randomUUID is there over TLS only
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

api.use({
  async onRequest({ request }) {
    if (request.method !== 'POST' || !request.headers.get('Content-Type')?.startsWith('application/json')) return undefined;
    const intention = `${request.url}\n${await request.clone().text()}`;
    const key = unanswered.get(intention) ?? newKey();
    unanswered.set(intention, key);
    request.headers.set('Idempotency-Key', key);
    sent.set(request, intention);
    return request;
  },
  onResponse({ request }) {
    unanswered.delete(sent.get(request) ?? '');
  },
  onError: ({ error }) => (error instanceof DOMException && error.name === 'AbortError' ? error : Problem.offline()),
});

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

let lostSession: (() => void) | undefined;
/** The shell says here what happens when the backend answers 401. */
export function onLostSession(action: () => void): void {
  lostSession = action;
}

/** The data of an answer, or a thrown Problem. `anonymous`: a 401 is an answer, not a lost session. */
export async function ok<A extends Answer>(call: Promise<A>, options: { anonymous?: boolean } = {}): Promise<NonNullable<A['data']>> {
  const { data, error, response } = await call;
  if (response.ok) return (data ?? null) as NonNullable<A['data']>;
  const problem = Problem.from(error, response);
  if (response.status === 401 && !options.anonymous) lostSession?.();
  throw problem;
}

/** The data with its ETag, for edits that may clash (`headers: { 'If-Match': etag }`). */
export async function okWithTag<A extends Answer>(call: Promise<A>): Promise<{ data: NonNullable<A['data']>; etag: string }> {
  const answer = await call;
  return { data: await ok(Promise.resolve(answer)), etag: answer.response.headers.get('ETag') ?? '' };
}

/** Multipart body for openapi-fetch: `{ body: ..., bodySerializer: multipart }`. */
export function multipart(body: unknown): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(body as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one instanceof Blob) form.append(key, one);
      else if (one !== undefined && one !== null) form.append(key, String(one));
    }
  }
  return form;
}
