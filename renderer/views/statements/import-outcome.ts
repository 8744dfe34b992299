import type { ImportReport } from '../../../core/api/index.ts';

interface Outcome {
  readonly title: string;
  readonly tone: 'accent' | 'good' | 'warn' | 'bad' | 'plain';
}

/** How an import is told of: as done well only where it was. */
export function outcomeOf({
  fileName,
  state,
  added,
  known,
  duplicates,
  defective,
}: Pick<ImportReport, 'fileName' | 'state' | 'added' | 'known' | 'duplicates' | 'defective'>): Outcome {
  switch (state) {
    case 'reading':
      return { title: `Importing ${fileName}`, tone: 'accent' };
    case 'cancelled':
      return { title: `Stopped importing ${fileName}`, tone: 'plain' };
    case 'failed':
      return { title: `${fileName} could not be imported`, tone: 'bad' };
    case 'done':
      if (added + known + duplicates > 0)
        return { title: `Imported ${fileName}`, tone: defective > 0 ? 'warn' : 'good' };
      return defective > 0
        ? { title: `Nothing in ${fileName} could be read`, tone: 'bad' }
        : { title: `There is no statement in ${fileName}`, tone: 'warn' };
  }
}
