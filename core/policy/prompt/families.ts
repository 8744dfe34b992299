import { promptFamilySchema, type PromptFamily, type PromptFamilyInput } from './family.ts';

const CORE_ONLY =
  'The code is checked by Lean {{lean}} with its own library only (Init, Std): Mathlib and its tactics are not available.';

/** The instruction that OProver, Goedel-Prover-V2 and DeepSeek-Prover-V2 were trained with, as their cards print it. */
const PLAN = `Before producing the Lean 4 code to formally prove the given theorem, provide a detailed proof plan outlining the main proof steps and strategies.
The plan should highlight key ideas, intermediate lemmas, and proof structures that will guide the construction of the final formal proof.`;

const TASK = { template: 'Complete the following Lean 4 code:\n\n{{statement}}' };
const CURRENT_TASK = { template: `**Current Task:**\n${TASK.template}` };
const ENVIRONMENT = { template: '{{environment}}' };
const REFERENCES = { template: '**Reference Theorems and Proofs:**\n\n{{references}}' };
const FAILED_ATTEMPT = { template: '**Previous Failed Attempt:**\n{{attempt}}', when: 'retry' } as const;

/** One user message for all rounds; the order of the released models as their report gives it. */
const oprover: PromptFamilyInput = {
  name: 'oprover',
  models: ['oprover'],
  turns: [
    {
      role: 'user',
      sections: [
        CURRENT_TASK,
        ENVIRONMENT,
        { template: PLAN },
        REFERENCES,
        FAILED_ATTEMPT,
        { template: '**Lean Feedback:**\n{{feedback}}', when: 'retry' },
      ],
    },
  ],
  environment: { core: CORE_ONLY, mathlib: '' },
  reference: '[{{index}}]\n{{proof}}',
  feedback: { style: 'compiler' },
};

/** The order of OProver's first public prompts: the attempt and its errors first, then the task. */
const attemptFirst: PromptFamilyInput = {
  ...oprover,
  name: 'oprover-attempt-first',
  models: [],
  turns: [
    {
      role: 'user',
      sections: [
        FAILED_ATTEMPT,
        { template: '**Error Messages:**\n{{feedback}}', when: 'retry' },
        REFERENCES,
        { template: CURRENT_TASK.template, when: 'always' },
        ENVIRONMENT,
        { template: PLAN },
        {
          template:
            'Please learn from the previous failed attempt and error messages to avoid similar mistakes.',
          when: 'retry',
        },
      ],
    },
  ],
};

/** Self-correction in turns, as Goedel-Prover-V2 does it; DeepSeek-Prover-V2 is asked for the first proof alike. */
const goedel: PromptFamilyInput = {
  name: 'goedel',
  models: ['goedel-prover-v2', 'goedel-v2', 'deepseek-prover-v2'],
  turns: [
    {
      role: 'user',
      sections: [
        TASK,
        ENVIRONMENT,
        { template: 'These theorems have been proved already:\n\n{{references}}' },
        { template: PLAN },
      ],
    },
    { role: 'assistant', when: 'retry', sections: [{ template: '{{reply}}' }] },
    {
      role: 'user',
      when: 'retry',
      sections: [
        {
          template:
            'The proof (Round {{round}}) is not correct. Following is the compilation error message, where we use <error></error> to signal the position of the error.\n\n{{feedback}}',
        },
        {
          template:
            'Before producing the Lean 4 code to formally prove the given theorem, provide a detailed analysis of the error message.',
        },
      ],
    },
  ],
  environment: { core: CORE_ONLY, mathlib: '' },
  feedback: { style: 'marked' },
};

/** For instruct models that were not trained as provers: says what a prover takes for granted. */
const generic: PromptFamilyInput = {
  name: 'generic',
  turns: [
    {
      role: 'system',
      sections: [
        {
          template:
            'You are an expert in Lean 4. You prove theorems, and you answer with one complete Lean 4 code block.',
        },
      ],
    },
    {
      role: 'user',
      sections: [
        { template: 'Prove this theorem:\n\n{{statement}}' },
        { template: 'In words: {{informal}}' },
        ENVIRONMENT,
        {
          template:
            'Rules:\n- Repeat the theorem exactly as it is stated, with a full proof in place of `sorry`.\n- Lemmas of your own may stand before it, proved as well.\n- Use Lean 4 syntax, no `sorry`, no `admit`, no axioms.\n- End with the whole code in one ```lean4 block and write nothing after it.',
        },
        { template: 'Proofs of similar theorems, checked by Lean:\n\n{{references}}' },
        { template: 'Your previous attempt was not accepted:\n\n{{attempt}}', when: 'retry' },
        {
          template:
            'Lean said:\n\n{{feedback}}\n\nFind out why, and answer with the corrected code as a whole.',
          when: 'retry',
        },
      ],
    },
  ],
  environment: {
    core: CORE_ONLY,
    mathlib: 'The code is checked by Lean {{lean}} with Mathlib.',
  },
  reference: 'Proof {{index}}:\n\n{{proof}}',
  feedback: { style: 'compiler' },
};

/** The families that come with Proofswarm, the one for models of unknown kind last. */
export const FAMILIES: readonly PromptFamily[] = [oprover, attemptFirst, goedel, generic].map((family) =>
  promptFamilySchema.parse(family),
);
