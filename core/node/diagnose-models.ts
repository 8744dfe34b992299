import { errorInWords } from '../process/index.ts';
import type { Finding } from './finding.ts';
import type { Locations } from './locations.ts';
import { openModelLibrary } from './models.ts';
import { readSettings } from './settings-file.ts';

const topic = 'models';
const NAMED = 5;
const CHOOSE = 'choose another with: proofswarm models use';

/** The models that are installed, and whether the one that is used where none is named is among them. */
export async function models(locations: Locations): Promise<Finding> {
  try {
    const library = await openModelLibrary(locations);
    const { models: installed, damaged } = await library.installed();
    const ids = installed.map(({ record }) => record.id);
    const detail = ids.length === 0 ? 'none; the portfolio policy needs no model' : listed(ids);
    const chosen = (await readSettings(locations.data)).model?.model;
    const defect = chosen === undefined ? undefined : await chosenDefect(library, chosen);
    if (defect !== undefined) {
      return { topic, state: 'problem', detail: `${detail}; in use: ${chosen}, ${defect}`, remedy: CHOOSE };
    }
    const [broken] = damaged;
    if (broken !== undefined) {
      return {
        topic,
        state: 'problem',
        detail: `${detail}; ${broken.message}`,
        remedy: 'get it again, or add it',
      };
    }
    if (chosen !== undefined) return { topic, state: 'ok', detail: `${detail}; in use: ${chosen}` };
    if (ids.length === 0) return { topic, state: 'note', detail };
    return { topic, state: 'ok', detail: `${detail}; none is chosen: proofswarm models use` };
  } catch (error) {
    const detail = errorInWords(error);
    return { topic, state: 'problem', detail, remedy: 'proofswarm models list tells more' };
  }
}

const listed = (ids: readonly string[]): string =>
  [...ids.slice(0, NAMED), ...(ids.length > NAMED ? [`${ids.length - NAMED} more`] : [])].join(', ');

type Library = Awaited<ReturnType<typeof openModelLibrary>>;

/** Why the chosen model cannot be run; undefined where nothing is the matter with it. */
async function chosenDefect(library: Library, chosen: string): Promise<string | undefined> {
  const resolved = await library.resolve(chosen).catch(() => undefined);
  if (resolved === undefined || resolved.kind === 'listed') return 'which is not here';
  if (resolved.kind === 'file' || resolved.model.state === 'ok') return undefined;
  return resolved.model.state === 'missing'
    ? `whose file ${resolved.model.path} is not there any more`
    : `whose file ${resolved.model.path} has changed since it was added`;
}
