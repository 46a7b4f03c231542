import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { compile } from 'sass';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const backend = process.env['CAIRN_BACKEND'] ?? 'http://127.0.0.1:8080';

const styles = fileURLToPath(new URL('src/styles/main.scss', import.meta.url));

/**
 * The design system in one synchronous go: Vite's own way asks a resolver for each of its hundreds of files
 * and takes four times as long. What comes out is plain CSS, which Vite then treats as usual.
 */
function designSystem(): Plugin {
  return {
    name: 'cairn:design-system',
    enforce: 'pre',
    resolveId: (id) => (id === './styles/main.scss' ? `${styles}.css` : null),
    load(id) {
      if (id !== `${styles}.css`) return null;
      const { css, loadedUrls } = compile(styles, { style: 'compressed', silenceDeprecations: ['if-function'] });
      for (const url of loadedUrls) if (!url.pathname.includes('/node_modules/')) this.addWatchFile(fileURLToPath(url));
      return css;
    },
  };
}

export default defineConfig({
  plugins: [designSystem(), svelte(), svelteTesting()],
  build: { target: 'es2022', manifest: true, assetsInlineLimit: 0, sourcemap: false },
  server: {
    host: '127.0.0.1',
    // changeOrigin stays off so that the backend's Origin check sees the address that the browser used.
    proxy: Object.fromEntries(['/api', '/healthz', '/readyz'].map((path) => [path, { target: backend }])),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
