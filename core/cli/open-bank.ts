import { openBank, type Bank } from '../memory/index.ts';
import { bankNotice, type Locations } from '../node/index.ts';
import { bankDirectory } from './describe.ts';
import { printable, type Terminal } from './terminal.ts';

/** Opens the bank; what is found damaged in it is told on standard error. */
export function openOwnBank(locations: Locations, { err }: Terminal): Promise<Bank> {
  return openBank({
    directory: bankDirectory(locations),
    onEvent: (event) => {
      const notice = bankNotice(event);
      if (notice === undefined) return;
      const detail = notice.detail === undefined ? '' : `: ${notice.detail}`;
      // Over the line of a step that is under way.
      const clear = err.isTTY === true ? '\r\u001B[K' : '';
      err.write(`${clear}${printable(`bank: ${notice.title}${detail}\n`)}`);
    },
  });
}
