import { registerHooks } from 'node:module';

/** Gives the app, which imports `electron`, the substitute in its place; the app's own files are as they were built. */
const substitute = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: substitute, shortCircuit: true } : next(specifier, context),
});
