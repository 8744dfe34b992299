import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyMonitor, splitReply, type MonitorOptions } from '../../../core/policy/replies/index.ts';
import { findLoop, RepetitionDetector } from '../../../core/policy/replies/repetition.ts';
import { replyFixtures } from './fixtures.ts';

const PROOF = 'theorem t (n : Nat) : n = n := by\n  rfl';
const block = (code: string): string => `\`\`\`lean4\n${code}\n\`\`\`\n`;

function watch(reply: string, options: Partial<MonitorOptions> = {}, chunk = 3) {
  const monitor = new ReplyMonitor({ target: 't', ...options });
  for (let at = 0; at < reply.length; at += chunk) {
    if (monitor.push(reply.slice(at, at + chunk)) !== undefined) break;
  }
  return monitor.finish();
}

/** A text cut into chunks at the given places. */
function chunks(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, i) => text.slice(places[i], end));
}

describe('ReplyMonitor', () => {
  it('stops as soon as a closed block proves the target', () => {
    const { text, stop } = watch(`Plan.\n${block(PROOF)}And I might go on for long.`);
    expect(stop).toEqual({ kind: 'complete' });
    expect(text.length).toBeLessThanOrEqual(`Plan.\n${block(PROOF)}`.length + 2);
  });

  it('sees a last fence without a line end', () => {
    expect(watch(block(PROOF).trimEnd()).stop).toEqual({ kind: 'complete' });
  });

  it.each([
    ['the block is in the thinking text', `<think>\n${block(PROOF)}`, {}],
    ['the template opened the thinking text', block(PROOF), { startsInThinking: true }],
    ['another theorem is proved', block('theorem u : 1 = 1 := rfl'), {}],
    ['only a snippet is closed', block('rfl'), {}],
    ['the block is in another language', '```python\ntheorem t : 1 = 1 := rfl\n```\n', {}],
    ['a fence stands in a comment', '```lean4\n/-\n```\n-/\ntheorem t : 1 = 1 := by\n', {}],
    ['the task is repeated', block('theorem t (n : Nat) : n = n := by sorry').repeat(5), {}],
    ['a sketch comes first', block('theorem t (n : Nat) : n = n := by\n  have h : True := sorry\n  rfl'), {}],
    ['holes are talked of', `Write sorry, then admit. sorry!\n${block('-- sorry\n"sorry"').repeat(3)}`, {}],
  ] as const)('lets the model go on where %s', (_, reply, options) => {
    expect(watch(reply, options).stop).toBeUndefined();
  });

  it('stops at a second proof with holes, at its first hole', () => {
    const sketch =
      'theorem t (n : Nat) : n = n := by\n  have h : True := by sorry\n  have k : True := by admit\n';
    const { stop, text } = watch(block(sketch).repeat(2));
    expect(stop).toEqual({ kind: 'hole', word: 'sorry' });
    expect(text).not.toMatch(/admit[^]*admit/);
    expect(watch(block(sketch), { sketches: 0 }).stop).toEqual({ kind: 'hole', word: 'sorry' });
    expect(watch(block(sketch).repeat(3) + block(PROOF), { sketches: 3 }).stop).toEqual({ kind: 'complete' });
  });

  it('forgets what it saw before thinking text ended that began before the reply', () => {
    const sketch = block('theorem t (n : Nat) : n = n := by\n  have h : True := sorry\n  rfl');
    const { stop, parts } = watch(`${sketch}</think>\n${sketch}${block(PROOF)}`);
    expect(stop).toEqual({ kind: 'complete' });
    expect(parts.thinking).toBe(sketch);
  });

  it('stops a loop in the answer and in the thinking text', () => {
    const loop = 'Wait, let me reconsider the case n = 0 once more.\n'.repeat(100);
    const stop = { kind: 'repetition', period: 50 };
    expect(watch(`I see. ${loop}`).stop).toMatchObject(stop);
    expect(watch(`<think>\nI see. ${loop}`).stop).toMatchObject(stop);
    expect(watch(`I see. ${loop}`).text.length).toBeLessThan(1_700);
  });

  it('stops what is too long, thinking text and answer by their own limits', () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `w${i}`).join(' ');
    expect(watch(words, { maxAnswer: 1_000 }).stop).toMatchObject({ kind: 'too-long', part: 'answer' });
    const thought = `<think>${words}</think>${block(PROOF)}`;
    expect(watch(thought, { maxThinking: 1_000 }).stop).toMatchObject({ kind: 'too-long', part: 'thinking' });
    expect(watch(thought, { maxAnswer: 1_000 }).stop).toEqual({ kind: 'complete' });
  });

  it('takes nothing more once it has said stop', () => {
    const monitor = new ReplyMonitor({ target: 't' });
    expect(monitor.push(block(PROOF))).toEqual({ kind: 'complete' });
    expect(monitor.push('more')).toEqual({ kind: 'complete' });
    expect(monitor.finish().text).toBe(block(PROOF));
  });

  it('tells thinking from answer however the reply is cut, and says the same of it', () => {
    const fixtures = replyFixtures().filter(({ reply }) => reply !== '');
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.array(fc.nat(), { maxLength: 40 }),
        ({ reply, startsInThinking, statement }, cuts) => {
          const options = { target: statement.name, startsInThinking };
          const whole = watch(reply, options, Infinity);
          const monitor = new ReplyMonitor(options);
          let read = '';
          for (const chunk of chunks(reply, cuts)) {
            read += chunk;
            if (monitor.push(chunk) !== undefined) break;
          }
          const { stop, parts, text } = monitor.finish();
          expect(text).toBe(read);
          expect(stop).toEqual(whole.stop);
          expect(parts).toEqual(splitReply(read, { startsInThinking }));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('repetition', () => {
  it('is what ends a text, many times something or a few times something long', () => {
    expect(findLoop(`abc${'xy'.repeat(500)}`)).toEqual({ period: 2, repeats: 500 });
    expect(findLoop(`${'xy'.repeat(500)}z`)).toBeUndefined();
    expect(findLoop('xy'.repeat(400))).toBeUndefined();
    const long = Array.from({ length: 400 }, (_, i) => `step ${i}`).join(' ');
    expect(findLoop(`${long} ${long} ${long} `)).toEqual({ period: long.length + 1, repeats: 3 });
    expect(findLoop(`${long} ${long} `)).toBeUndefined();
  });

  it('is not a proof of many cases', () => {
    const cases = Array.from({ length: 200 }, (_, i) => `  · norm_num [h${i}]\n`).join('');
    expect(new RepetitionDetector().push(cases)).toBeUndefined();
    expect(new RepetitionDetector().push('  · omega\n'.repeat(60))).toBeUndefined();
  });

  it('has the smallest period, as trying them all finds it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b') }),
        fc.string({ maxLength: 20, unit: fc.constantFrom('a', 'b', 'c') }),
        (unit, before) => {
          const text = before + unit.repeat(Math.ceil(1_200 / unit.length) + 8);
          const found = findLoop(text);
          const period = Array.from({ length: unit.length }, (_, i) => i + 1).find((p) => {
            const tail = text.slice(before.length);
            return tail.slice(p) === tail.slice(0, -p);
          });
          expect(found?.period).toBe(period);
        },
      ),
    );
  });

  it('is found at the same place whatever the chunks', () => {
    const text = `${Array.from({ length: 700 }, (_, i) => `w${i}`).join(' ')}${'again '.repeat(400)}`;
    const whole = new RepetitionDetector().push(text);
    expect(whole).toBeDefined();
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
        const detector = new RepetitionDetector();
        const found = chunks(text, cuts).map((chunk) => detector.push(chunk));
        expect(found.find((loop) => loop !== undefined)).toEqual(whole);
      }),
    );
  });

  it('is looked for in linear time', () => {
    const started = performance.now();
    const detector = new RepetitionDetector();
    for (let i = 0; i < 10_000; i++) detector.push(`token${i} `);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
