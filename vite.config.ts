import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const inProject = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The renderer: one build for the web host and for the desktop app, hence the relative base. */
export default defineConfig({
  root: inProject('renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: inProject('dist/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // Both hosts allow scripts and styles from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page that people see, and the one that draws cards for the desktop app's notifications.
    rolldownOptions: { input: [inProject('renderer/index.html'), inProject('renderer/card.html')] },
    reportCompressedSize: true,
  },
});
