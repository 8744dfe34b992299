import { print, round } from '../table.ts';
import { engineOn, MODELS, SAMPLING, sum, type Gpu } from './models.ts';

/** Sixteen rollouts of one prompt: what is evaluated, and how long until all have their first token. */
export async function prefix(gpu: Gpu): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const { name, file, prefix: length } of MODELS) {
    for (const shared of [true, false]) {
      await using engine = engineOn(file, { gpu, slots: 16, contextSize: 2048 });
      await engine.load();
      const began = performance.now();
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, seed) =>
          engine.generate({
            // Another first letter is another prompt.
            prompt: `${shared ? 'a' : String.fromCodePoint(0x61 + seed)}${'theorem t '.repeat(200)}`.slice(
              0,
              length,
            ),
            sampling: SAMPLING,
            seed,
            maxTokens: 1,
          }),
        ),
      );
      const evaluated = sum(results.map((result) => result.promptTokens - result.cachedTokens));
      const seconds = (performance.now() - began) / 1000;
      rows.push([name, length, shared ? 'one for all' : 'one each', evaluated, round(seconds, 2)]);
    }
  }
  print(
    'Prompts of 16 rollouts',
    ['model', 'prompt tokens', 'prompts', 'evaluated tokens', 'seconds to the first tokens'],
    rows,
  );
}
