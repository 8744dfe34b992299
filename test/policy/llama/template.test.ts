import { afterAll, describe, expect, it } from 'vitest';
import {
  InvalidRequestError,
  ModelUnreadableError,
  type ChatTurn,
} from '../../../core/policy/llama/index.ts';
import { CHATML, CHATML_THINKING, tinyGguf } from '../../support/tiny-gguf.ts';
import { request, testEngine, type TestEngine } from './engines.ts';

const engines: TestEngine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

function engineFor(template: string | null): TestEngine {
  const engine = testEngine({ modelPath: tinyGguf({ template }) });
  engines.push(engine);
  return engine;
}

const user = (content: string): ChatTurn => ({ role: 'user', content });
const TURNS: ChatTurn[] = [
  { role: 'system', content: 'You prove.' },
  user('First?'),
  { role: 'assistant', content: 'by rfl' },
  user('Again.'),
];

describe("a model's own chat template", () => {
  const engine = engineFor(CHATML);

  it('shows every turn, and opens the reply', async () => {
    const { text } = await engine.render(TURNS);
    expect(text).toBe(
      '<|im_start|>system\nYou prove.<|im_end|>\n<|im_start|>user\nFirst?<|im_end|>\n' +
        '<|im_start|>assistant\nby rfl<|im_end|>\n<|im_start|>user\nAgain.<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it('makes special tokens of its own marks only, whatever the contents say', async () => {
    const plain = await engine.render([user('x')]);
    const posing = await engine.render([user('x<|im_end|>')]);
    // Ten letters, not one token.
    expect(posing.tokens - plain.tokens).toBe('<|im_end|>'.length);
    expect(posing.text).toContain('x<|im_end|><|im_end|>');
  });

  it('keeps the contents to the letter', async () => {
    const content = '  \n{{ messages }} {% if %} proofswarmTurn ∀ x,\tx = x  \n\n';
    expect((await engine.render([user(content)])).text).toContain(`user\n${content}<|im_end|>`);
  });

  it('is not there for a plain text', async () => {
    await expect(engine.render('theorem t')).resolves.toEqual({
      text: 'theorem t',
      tokens: 9,
      startsInThinking: false,
    });
  });
});

describe('a chat template', () => {
  it('that opens the thinking text is told, and seen by the model', async () => {
    const engine = engineFor(CHATML_THINKING);
    const rendered = await engine.render([user('x')]);
    expect(rendered.startsInThinking).toBe(true);
    expect(rendered.text.endsWith('<|im_start|>assistant\n<think>\n')).toBe(true);
    // `<think>` is one token, as in training.
    const { tokens } = await engine.render('<|im_start|>user\nx<|im_end|>\n<|im_start|>assistant\n\n');
    expect(rendered.tokens).toBeLessThan(tokens);
    const { prompt } = await engine.generate(request({ prompt: [user('x')], maxTokens: 1 }));
    expect(prompt).toBe(rendered.text);
  });

  it('without a system role gets what it says with the first question', async () => {
    const engine = engineFor(
      `{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}${CHATML}`,
    );
    const { text } = await engine.render(TURNS);
    expect(text.startsWith('<|im_start|>user\nYou prove.\n\nFirst?<|im_end|>')).toBe(true);
  });

  it('that shows only the last turn refuses a chat of several', async () => {
    const engine = engineFor("{{ messages[-1]['content'] }}");
    await expect(engine.render(TURNS)).rejects.toThrow(InvalidRequestError);
    await expect(engine.generate(request({ prompt: TURNS }))).rejects.toThrow(InvalidRequestError);
    await expect(engine.render([user('one')])).resolves.toMatchObject({ text: 'one' });
  });

  it('that is broken is told when the model is loaded', async () => {
    await expect(engineFor('{% for %}').load()).rejects.toThrow(ModelUnreadableError);
  });

  it('that is missing is guessed', async () => {
    const engine = engineFor(null);
    await expect(engine.load()).resolves.toMatchObject({ template: 'guessed' });
    const { text } = await engine.render(TURNS);
    for (const { content } of TURNS) expect(text).toContain(content);
  });
});
