import type { ApiEvent, CommandHandlers, Settings } from '../../api/index.ts';
import type { SettingsStore } from '../settings-store.ts';

export interface SettingsComponents {
  readonly store: SettingsStore;
  readonly emit: (event: ApiEvent) => void;
}

type Names = 'settings.update' | 'settings.reset' | 'first-run.agree' | 'first-run.finish';

/** What is read when the node starts, and never again. */
const AT_START = ['lean'] as const;

/** What a face can do with the settings. */
export function settingsHandlers({ store, emit }: SettingsComponents): Pick<CommandHandlers, Names> {
  const told = (settings: Settings): Settings => {
    emit({ type: 'settings:changed', settings });
    return settings;
  };
  return {
    'settings.update': async ({ patch }) => {
      const before = store.settings;
      const settings = told(await store.update(patch));
      const restart = AT_START.filter(
        (section) => JSON.stringify(before[section]) !== JSON.stringify(settings[section]),
      );
      return { settings, restart };
    },
    'settings.reset': async ({ section }) => ({ settings: told(await store.reset(section)) }),
    'first-run.agree': async ({ network }) => {
      await store.update({ network: { ...store.settings.network, enabled: network } });
      const firstRun = await store.agree();
      told(store.settings);
      emit({ type: 'first-run:changed', firstRun });
      return { firstRun };
    },
    'first-run.finish': async () => {
      const firstRun = await store.finishFirstRun();
      emit({ type: 'first-run:changed', firstRun });
      return { firstRun };
    },
  };
}
