/** Loads a model, begins a reply, tells the pid of the process that holds it, and waits to be killed. */
import { endless, testEngine } from './engines.ts';

const engine = testEngine({ contextSize: 4096 });
await engine.load();
void engine.generate(endless({ prompt: 'x' }));
process.send?.(engine.pid);
setInterval(() => {}, 1000);
