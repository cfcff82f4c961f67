import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { stamp } from './stamp.mjs';

export default defineConfig({
  plugins: [
    svelte(),
    {
      name: 'stamp',
      apply: 'build',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'build.json', source: JSON.stringify(stamp(import.meta.dirname), null, 1) + '\n' });
      },
    },
  ],
  // One document at `/`, whatever prefix a proxy puts before it.
  base: './',
  build: {
    target: 'es2023',
    assetsDir: 'ui/assets',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.json' },
  },
  // Tests compare with the API's document, which stands beside this folder.
  server: { fs: { allow: ['.', '../api-docs'] }, proxy: { '/api': process.env.CHANCERY ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
});
