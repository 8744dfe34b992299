import { z } from 'zod';
import { diagnose, locate, type Finding } from '../node/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { printable, type Terminal } from './terminal.ts';

export const doctorOptionsSchema = z.object({
  data: z.string().optional(),
  json: z.boolean(),
  installLean: z.union([z.string(), z.literal(true)]).optional(),
  installMathlib: z.boolean(),
  acceptUnverified: z.boolean(),
});
export type DoctorOptions = z.infer<typeof doctorOptionsSchema>;

const MARKS = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM' } as const;

/** `proofswarm doctor`: what is there, what is missing, and how to mend it. */
export async function doctorCommand(options: DoctorOptions, terminal: Terminal): Promise<number> {
  if (options.installLean !== undefined || options.installMathlib) {
    if (options.json) throw new CommandError('--json does not go with an installation');
    const { installLeanCommand } = await import('./install-lean.ts');
    return installLeanCommand(options, terminal);
  }
  const interrupt = onInterrupt(terminal);
  const findings: Finding[] = [];
  try {
    for await (const finding of diagnose(locate(options.data), interrupt.signal)) {
      if (interrupt.signal.aborted) break;
      findings.push(finding);
      if (options.json) continue;
      // Files, Lean and the system have written part of it.
      terminal.out.write(
        printable(`${MARKS[finding.state]}  ${finding.topic.padEnd(16)} ${finding.detail}\n`),
      );
      if (finding.remedy !== undefined) terminal.out.write(`${' '.repeat(26)}→ ${finding.remedy}\n`);
    }
  } finally {
    interrupt.dispose();
  }
  if (interrupt.signal.aborted) return EXIT.interrupted;
  if (options.json) terminal.out.write(`${JSON.stringify(findings)}\n`);
  return findings.some((finding) => finding.state === 'problem') ? EXIT.no : EXIT.ok;
}
