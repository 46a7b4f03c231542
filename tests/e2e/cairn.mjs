// Starts the real binary with demo data in a throw-away folder, and stops it again.
// CAIRN_BIN names the binary (default: target/debug/cairn); CAIRN_URL names a server that already runs instead.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
export const password = process.env.CAIRN_DEMO_PASSWORD ?? 'stones-on-stones-42';

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** A running Cairn: `{ url, stop }`. */
export async function startCairn() {
  if (process.env.CAIRN_URL) return { url: process.env.CAIRN_URL.replace(/\/$/, ''), stop: async () => undefined };
  const bin = resolve(root, process.env.CAIRN_BIN ?? 'target/debug/cairn');
  const folder = await mkdtemp(join(tmpdir(), 'cairn-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // The harness's own variables are no settings, and Cairn refuses settings that it does not know.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CAIRN_')));
  const child = spawn(bin, ['serve', '--demo'], {
    cwd: folder,
    env: { ...environment, CAIRN_LISTEN: `127.0.0.1:${port}`, CAIRN_DATA_DIR: folder, CAIRN_DEMO_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output = (output + text).slice(-20_000)));
  let gone = null;
  child.on('error', (error) => (gone = error.message));
  child.on('exit', (code, signal) => (gone ??= `it ended with ${code ?? signal}`));
  const ended = new Promise((done) => child.once('close', done));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      child.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + Number(process.env.CAIRN_START_SECONDS ?? 120) * 1000;
  while (!(await answers(`${url}/readyz`))) {
    if (gone !== null || Date.now() > until) {
      await stop();
      throw new Error(`Cairn did not start (${bin}): ${gone ?? 'it was never ready'}\n${output}`);
    }
    await new Promise((next) => setTimeout(next, 100));
  }
  return { url, stop, output: () => output };
}
