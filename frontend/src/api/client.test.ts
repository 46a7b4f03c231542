import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, multipart, ok, onLostSession, Problem } from './client';

const answer = (status: number, body: unknown, type = 'application/problem+json') =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status, headers: { 'Content-Type': type } })));
const refused = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('should have been refused'),
    (error: unknown) => error as Problem,
  );

describe('the client', () => {
  afterEach(() => onLostSession(() => undefined));

  it('returns the data', async () => {
    answer(200, { account: { id: '1', email: 'a@example.org' }, roles: [] }, 'application/json');
    expect((await ok(api.GET('/me'))).account.email).toBe('a@example.org');
  });

  it('turns a problem document into a Problem with its fields', async () => {
    answer(422, { type: 'about:blank', title: 'Not saved', status: 422, detail: 'Look below', code: 'invalid', fields: [{ field: 'email', code: 'missing', message: 'Enter an email address' }] });
    const problem = await refused(ok(api.POST('/session', { body: { email: '', password: '' } })));
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ title: 'Not saved', status: 422, code: 'invalid', fields: [{ field: 'email' }] });
  });

  it('says so in our words when there is no problem document', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 502 })));
    expect(await refused(ok(api.GET('/me')))).toMatchObject({ status: 502, title: 'Something went wrong at our end' });
  });

  it('puts the words of the protocol in plain ones', async () => {
    answer(403, { title: 'Forbidden', detail: 'National requirements are kept by curators.', status: 403, code: 'not_allowed' });
    const problem = await refused(ok(api.GET('/me')));
    expect([problem.title, problem.detail]).toEqual(['You may not do that', 'National requirements are kept by curators.']);
    answer(400, { title: 'Bad Request', detail: 'failed to parse path `param1`', status: 400, code: 'bad_request' });
    expect((await refused(ok(api.GET('/me')))).detail).toBe('Something in the address or in what was typed cannot be read.');
  });

  it('says "offline" when there is no answer', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    const problem = await refused(ok(api.GET('/me')));
    expect(problem.offline).toBe(true);
  });

  it('gives up a lost session, but not when being nobody is an answer', async () => {
    const lost = vi.fn();
    onLostSession(lost);
    answer(401, { title: 'Sign in', status: 401, code: 'unauthorized' });
    await refused(ok(api.GET('/me'), { anonymous: true }));
    expect(lost).not.toHaveBeenCalled();
    await refused(ok(api.GET('/me')));
    expect(lost).toHaveBeenCalledOnce();
  });

  it('sends what got no answer again with the same key, and each new intention with its own', async () => {
    const keys: (string | null)[] = [];
    let answers: (() => Promise<Response>)[] = [];
    vi.stubGlobal('fetch', (request: Request) => {
      keys.push(request.headers.get('Idempotency-Key'));
      return answers.shift()?.();
    });
    const lost = () => Promise.reject(new TypeError('Failed to fetch'));
    const fine = () => Promise.resolve(new Response('{}', { status: 201, headers: { 'Content-Type': 'application/json' } }));
    answers = [lost, fine, fine, fine];
    const post = (note: string) => ok(api.POST('/learning/completions', { body: { item_id: '1', completed_on: '2026-06-01', evidence_ids: [], note } }));
    await refused(post('a'));
    await post('a');
    await post('a');
    await post('b');
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('keeps its key over answers that are none of ours, for files too, and sends none with a question', async () => {
    const keys: (string | null)[] = [];
    let statuses: number[] = [];
    vi.stubGlobal('fetch', (request: Request) => {
      keys.push(request.headers.get('Idempotency-Key'));
      return Promise.resolve(new Response('{}', { status: statuses.shift() ?? 201, headers: { 'Content-Type': 'application/json' } }));
    });
    const record = () => api.POST('/learning/completions', { body: { item_id: '1', completed_on: '2026-06-02', evidence_ids: [], note: 'x' } });
    statuses = [502, 503, 504, 201, 201];
    for (let time = 0; time < 5; time += 1) await record();
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[4]).not.toBe(keys[3]);

    const importing = (byte: number) =>
      api.POST('/catalogue/imports', { body: { file: new File([new Uint8Array([byte])], 'a.bin') } as never, bodySerializer: multipart });
    keys.length = 0;
    statuses = [504, 504, 201];
    await importing(0xff);
    await importing(0xfe);
    await importing(0xff);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);

    keys.length = 0;
    await api.POST('/mapping/tables', { body: {} as never });
    expect(keys).toEqual([null]);
  });

  it('builds multipart bodies', () => {
    const form = multipart({ mode: 'preview', file: new File(['x'], 'people.csv'), nothing: undefined });
    expect([...form.keys()]).toEqual(['mode', 'file']);
  });
});
