// Fails when the first load of the search page passes 120 KB compressed: the page, the entry script with everything it
// needs at once, the search screen's own files, and the fonts. Sizes are gzip's, what the least able client gets.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const limit = 120 * 1024;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
const routes = readFileSync(join(dist, '..', 'src', 'features', 'catalogue', 'routes.ts'), 'utf8');
const screen = /path:\s*'\/find'[^}]*import\('\.\/([^']+)'\)/s.exec(routes)?.[1];

const files = new Set(['index.html']);
const seen = new Set();
function take(key) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return;
  seen.add(key);
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
  for (const next of chunk.imports ?? []) take(next);
}
take('index.html');
if (screen) take(`src/features/catalogue/${screen}`);
else take('src/features/home/Home.svelte');
for (const file of readdirSync(join(dist, 'assets'))) if (file.endsWith('.woff2')) files.add(`assets/${file}`);

let sum = 0;
const rows = [...files].map((file) => {
  const content = readFileSync(join(dist, file));
  const size = file.endsWith('.woff2') ? content.length : gzipSync(content, { level: 6 }).length;
  sum += size;
  return [size, file];
});
for (const [size, file] of rows.sort((a, b) => b[0] - a[0])) console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`);
console.log(`${(sum / 1024).toFixed(1).padStart(7)} KB  in all, of at most ${limit / 1024} KB (${screen ? 'search page' : 'start page: there is no search page yet'})`);
if (sum > limit) {
  console.error('The first load is too big.');
  process.exit(1);
}
