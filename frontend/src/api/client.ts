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

// Every POST that changes something carries an Idempotency-Key. When no answer of Cairn's came (none
// at all, or one of a proxy that gave up, or "busy"), the same sent again carries the same key, so
// that what did arrive the first time is not done twice.
const unanswered = new Map<string, string>();
const sent = new WeakMap<Request, string>();
// questions that need a body: asked twice they do no harm
const questions = /\/(session|mapping\/tables|catalogue\/previews|requirements\/([^/]+\/)?preview|catalogue\/imports\/annotated)$/;
const noAnswer = new Set([502, 503, 504]);
// randomUUID is there over TLS only
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

api.use({
  async onRequest({ request }) {
    if (request.method !== 'POST' || questions.test(new URL(request.url).pathname)) return undefined;
    const intention = `${request.url}\n${await digest(request)}`;
    request.headers.set('Idempotency-Key', keyFor(intention));
    sent.set(request, intention);
    return request;
  },
  onResponse({ request, response }) {
    answered(sent.get(request) ?? '', response.status);
  },
  onError: ({ error }) => (error instanceof DOMException && error.name === 'AbortError' ? error : Problem.offline()),
});

/** The key of an intention: a new one, or the one under which it was sent and not answered. */
export function keyFor(intention: string): string {
  const key = unanswered.get(intention) ?? newKey();
  unanswered.set(intention, key);
  return key;
}

/** Forgets the key of an intention once Cairn has answered it. */
export function answered(intention: string, status: number): void {
  if (!noAnswer.has(status)) unanswered.delete(intention);
}

/** Tells apart what is sent: the text of JSON, of a form the bytes without its boundary, which is new each time. */
async function digest(request: Request): Promise<string> {
  const boundary = /boundary=([^;]+)/.exec(request.headers.get('Content-Type') ?? '')?.[1];
  if (boundary === undefined) return request.clone().text();
  const bytes = new Uint8Array(await request.clone().arrayBuffer());
  // latin1: a character for each byte, so that no two files look alike
  const text = new TextDecoder('latin1').decode(bytes);
  return fingerprint(text.replaceAll(boundary, ''));
}

/** 128 bits that differ for different texts; nobody's security hangs on them (subtle.digest is there over TLS only). */
export function fingerprint(text: string): string {
  const parts = [0x811c9dc5, 0x9747b28c, 0x85ebca6b, 0xc2b2ae35];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at) + at;
    for (let part = 0; part < 4; part += 1) parts[part] = Math.imul((parts[part] ?? 0) ^ (code + part), 0x01000193 + 2 * part);
  }
  return `${text.length}-${parts.map((part) => (part >>> 0).toString(16)).join('-')}`;
}

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
