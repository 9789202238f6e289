import { defineConfig } from 'vite';

export default defineConfig({
  // The page is served below whatever path a proxy gives it.
  base: './',
  // No data: addresses: the page's policy knows files of the gateway only.
  build: { assetsInlineLimit: 0, target: 'es2022', chunkSizeWarningLimit: 5000, reportCompressedSize: false },
  esbuild: { jsx: 'automatic' },
  worker: { format: 'es' },
});
