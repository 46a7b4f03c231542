// Measures the release binary against its own empty endpoint, in one run. Method: BENCHMARKS.md.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writer } from './writer.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = resolve(process.env.CAIRN_BIN ?? 'target/release/cairn');
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const connections = 16;
const people = Number(process.env.BENCH_PEOPLE ?? 6000);
const items = Number(process.env.BENCH_ITEMS ?? 10_000);
const password = 'bench-stones-on-stones';
const only = process.argv.slice(2);
const run = promisify(execFile);

// The largest synthetic employer has about 500 people when the sector is this large.
const sector = { people: 9000, employer: '018e06c2-9800-7127-bc01-9ef8e5f50ad8' };
const requirements = 20;

const base = mkdtempSync(join(tmpdir(), 'cairn-bench-'));
let folder;
let server;
let url;

try {
  // First data folder: search, sign-in, table.
  folder = join(base, 'one');
  mkdirSync(folder);
  const loaded = timed(() => cairn(['demo', '--people', String(people), '--seed', '1']));
  const catalogue = join(folder, 'items.csv');
  writeFileSync(catalogue, execFileSync('node', [join(here, 'items.mjs'), String(items)], { maxBuffer: 2 ** 28 }));
  const imported = timed(() => cairn(['import', 'catalogue', catalogue]));
  const started = await start();
  await indexed();
  await pause(10_000);
  const idle = memory('VmRSS');
  const planner = await cookie('planner@example.org');
  const ask = (as_at) => ({ as_at, measures: ['headcount', 'in_post_wte', 'vacancy_rate'], rows: ['adp'], columns: ['role_family'], filters: {} });
  const today = new Date().toISOString().slice(0, 10);
  const rows = [];
  await measure(rows, [
    { name: 'search', what: `${items} generated items, 3,000 different questions, facets and highlights`, ...rotate(differentQuestions()) },
    { name: 'search-again', what: 'six questions that many people ask, given out as written', ...rotate(['naloxone', 'trauma inf', 'motivatonal', 'stigma peer', 'alcohol brief highlands', 'overdose']) },
    { name: 'search-written', what: 'as search-again, while people sign in, record and edit: an edit of an item makes what was found anew, the rest does not', written: true, ...rotate(['naloxone', 'trauma inf', 'motivatonal', 'stigma peer', 'alcohol brief highlands', 'overdose']) },
    { name: 'sign-in', what: 'argon2id, by design slow', method: 'POST', path: '/api/session', body: { email: 'staff@example.org', password } },
    { name: 'table', what: `${people} people, three measures, ADP x role family, protected; asked again`, method: 'POST', path: '/api/mapping/tables', body: ask(today), cookie: planner },
  ]);
  // A question that nobody has asked of these facts: counted and protected anew for each date.
  const firsts = wanted('table') ? await inTurn([1, 2, 3, 4, 5], (back) => once('/api/mapping/tables', ask(daysBefore(30 * back)), planner)) : [];
  await stop();

  // Second: an employer with 500 people and 20 requirements.
  let matrixOf = '';
  if (wanted('matrix')) {
    folder = join(base, 'two');
    mkdirSync(folder);
    cairn(['demo', '--people', String(sector.people), '--seed', '1']);
    cairn(['account', 'create', '--email', 'bench@example.org', '--role', 'employer', '--organisation', sector.employer], `${password}\n`);
    await start();
    const employer = await cookie('bench@example.org');
    const [{ id }] = (await get('/api/organisations', employer)).items;
    await requireUpTo(requirements, id, employer);
    const { summary, requirements: columns } = await get(`/api/organisations/${id}/status`, employer);
    matrixOf = `${summary.people} people x ${columns.length} requirements`;
    const path = `/api/organisations/${id}/status`;
    await measure(rows, [
      { name: 'matrix', what: `${matrixOf}, a page of 25; kept until anything that it shows is written`, path, cookie: employer },
      { name: 'matrix-written', what: `${matrixOf}, while people sign in, record and edit: each completion and each edit makes it anew`, path, cookie: employer, written: true },
    ]);
    await stop();
  }
  report({ rows, idle, started, loaded, imported, firsts });
} finally {
  await stop();
  rmSync(base, { recursive: true, force: true });
}

function wanted(name) {
  return only.length === 0 || only.includes(name);
}

async function measure(rows, scenarios) {
  for (const scenario of scenarios.filter(({ name }) => wanted(name))) {
    process.stderr.write(`${scenario.name} `);
    const limit = await load({ path: '/healthz' });
    const beside = scenario.written ? await writer(url, cookie) : undefined;
    const figures = await load(scenario);
    if (beside) figures.note = [figures.note, await beside.stop(seconds)].filter(Boolean).join('; ');
    rows.push({ ...scenario, limit, figures });
    process.stderr.write(`${rows.at(-1).figures.note ?? 'done'}\n`);
  }
}

/** Adds organisation-wide requirements for published modules until the matrix has so many columns. */
async function requireUpTo(count, organisation, session) {
  const columns = (await get(`/api/organisations/${organisation}/status?limit=1`, session)).requirements;
  const published = (await get('/api/catalogue/items?status=published&limit=100', session)).items;
  const modules = published.filter((item) => item.kind === 'module');
  for (const { id, title } of modules.slice(0, Math.max(0, count - columns.length))) {
    const body = { name: title.slice(0, 80), item_ids: [id], grace_days: 60 };
    const answer = await post(`/api/organisations/${organisation}/requirements`, body, session);
    if (!answer.ok) throw new Error(`a requirement was refused: ${await answer.text()}`);
  }
}

/** Milliseconds of one request. */
async function once(path, body, session) {
  const begun = performance.now();
  const answer = await post(path, body, session);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return performance.now() - begun;
}

async function inTurn(list, work) {
  const done = [];
  for (const one of list) done.push(await work(one));
  return done;
}

function daysBefore(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function post(path, body, session) {
  return fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', origin: url, cookie: session }, body: JSON.stringify(body) });
}

function environment() {
  const own = { CAIRN_DATA_DIR: folder, CAIRN_LISTEN: url?.replace('http://', '') ?? '127.0.0.1:0', CAIRN_DEMO_PASSWORD: password, CAIRN_LOG: 'warn' };
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CAIRN_'))), ...own };
}

/** Seconds until it was ready. */
async function start() {
  url = `http://127.0.0.1:${await freePort()}`;
  server = spawn(bin, ['serve', '--demo'], { cwd: folder, env: environment(), stdio: 'ignore' });
  const begun = Date.now();
  await ready();
  return (Date.now() - begun) / 1000;
}

async function stop() {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
}

/** One scenario under wrk, after asking once whether it answers at all. */
async function load({ path, paths = [path], method = 'GET', body, cookie: session }) {
  const headers = { origin: url, 'content-type': 'application/json', ...(session ? { cookie: session } : {}) };
  const first = await fetch(url + paths[0], { method, headers, body: body && JSON.stringify(body) });
  await first.arrayBuffer();
  if (!first.ok) return { note: `answered ${first.status}` };
  const script = join(folder, 'wrk.lua');
  writeFileSync(script, lua({ paths, method, headers, body }));
  // peak memory counts from here
  try { writeFileSync(`/proc/${server.pid}/clear_refs`, '5'); } catch { /* not on Linux */ }
  const { stdout: text } = await run('wrk', ['-t2', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url]);
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  const [, rate, p50, p99] = /^RESULT (\S+) (\S+) (\S+)/m.exec(text);
  return { rate: Number(rate), p50: Number(p50), p99: Number(p99), peak: memory('VmHWM'), note: bad && `${bad} answers were refusals` };
}

function lua({ paths, method, headers, body }) {
  const quoted = (text) => JSON.stringify(text).replaceAll('\\/', '/');
  const table = Object.entries(headers).map(([name, value]) => `[${quoted(name)}]=${quoted(value)}`).join(',');
  // each of wrk's two threads begins elsewhere, so that they do not ask the same
  return `local paths = {${paths.map(quoted).join(',')}}
local threads = 0
at = 0
function setup(thread)
  thread:set('at', threads * math.floor(#paths / 2))
  threads = threads + 1
end
function request()
  at = at % #paths + 1
  return wrk.format(${quoted(method)}, paths[at], {${table}}, ${body ? quoted(JSON.stringify(body)) : 'nil'})
end
function done(summary, latency)
  print(string.format("RESULT %.1f %.3f %.3f", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;
}

/** One to three words, some unfinished or with a slip: many times more than are remembered, so that each is searched. */
function differentQuestions() {
  const words = 'naloxone overdose motivational interviewing trauma practice alcohol brief interventions injecting equipment family stigma recovery coaching substitution cocaine hepatitis mental health child protection peer support supervision glasgow highlands prisons primary pharmacies managers refresher advanced introduction'.split(' ');
  const all = words.flatMap((one, at) => [
    one,
    one.slice(0, 4),
    one.slice(0, 2) + one.slice(3),
    ...words.filter((other) => other !== one).flatMap((other) => [`${one} ${other}`, `${one} ${other.slice(0, 4)}`]),
    ...words.slice(0, 20).map((other, step) => `${one} ${other} ${words[(at + 7 * step + 3) % words.length]}`),
  ]);
  // neighbours in the list are alike: take every 997th
  return [...new Set(all.map((_, at) => all[(at * 997) % all.length]))];
}

function rotate(questions) {
  return { paths: questions.map((q) => `/api/catalogue/search?q=${encodeURIComponent(q)}`) };
}

function report({ rows, idle, started, loaded, imported, firsts }) {
  const number = (value, digits) => (value === undefined ? '' : value.toFixed(digits));
  const line = (row) => `| ${row.name} | ${row.what} | ${row.figures.rate ? number(row.figures.rate, 0) : `not measured: ${row.figures.note}`} | ${number(row.figures.p50, 1)} | ${number(row.figures.p99, 1)} | ${row.figures.peak ?? ''} | ${number(row.limit.rate, 0)} | ${number(row.limit.p50, 1)} | ${number(row.limit.p99, 1)} | ${row.figures.rate && row.figures.note ? row.figures.note : ''} |`;
  const text = `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${connections} connections, ${seconds} s each, load generator on the same machine. SQLite, embedded index.

| scenario | data | per second | p50 ms | p99 ms | peak MiB | empty endpoint per second | p50 ms | p99 ms | note |
|---|---|--:|--:|--:|--:|--:|--:|--:|---|
${rows.map(line).join('\n')}

${firsts.length > 0 ? `A table first asked of its facts, alone: ${firsts.map((ms) => ms.toFixed(0)).join(', ')} ms (five dates).\n\n` : ''}Idle memory ${idle} MiB. Ready ${started.toFixed(1)} s after start. ${people} people loaded in ${loaded.toFixed(0)} s, ${items} items imported in ${imported.toFixed(0)} s.
`;
  mkdirSync(join(here, 'out'), { recursive: true });
  writeFileSync(join(here, 'out', 'latest.md'), text);
  process.stdout.write(`\n${text}`);
}

/** MiB of the server's process, or an empty text where /proc is not. */
function memory(field) {
  try {
    return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return '';
  }
}

function cairn(args, input = '') {
  execFileSync(bin, args, { cwd: folder, env: environment(), input, stdio: ['pipe', 'ignore', 'inherit'] });
}

function timed(work) {
  const from = Date.now();
  work();
  return (Date.now() - from) / 1000;
}

async function get(path, session) {
  const answer = await fetch(url + path, { headers: { cookie: session } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

async function cookie(email) {
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify({ email, password }) });
  if (!answer.ok) throw new Error(`signing in as ${email} answered ${answer.status}`);
  return answer.headers.get('set-cookie').split(';')[0];
}

async function ready() {
  for (let tries = 0; tries < 600; tries += 1) {
    if (server.exitCode !== null) throw new Error(`cairn ended with ${server.exitCode}`);
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) return;
    await pause(100);
  }
  throw new Error('cairn was never ready');
}

/** The index follows the database; figures of a half-built one would flatter. */
async function indexed() {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/api/catalogue/search?q=`).then((found) => (found.ok ? found.json() : undefined), () => undefined);
    if (answer === undefined || answer.total >= items) return;
    await pause(500);
  }
  throw new Error('the index never held all items');
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port: free } = probe.address();
  await new Promise((done) => probe.close(done));
  return free;
}
