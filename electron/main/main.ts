import { app } from 'electron';
import { registerAppScheme } from './app-protocol.ts';
import { runApp } from './run-app.ts';

// Every page runs sandboxed, whatever its window asks for.
app.enableSandbox();
registerAppScheme();

if (app.requestSingleInstanceLock()) runApp();
else app.quit();
