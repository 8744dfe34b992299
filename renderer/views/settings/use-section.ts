import { useState } from 'react';
import type { Settings, SettingsPatch } from '../../../core/api/index.ts';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';

type Section = Exclude<keyof Settings, 'model'>;

export interface SectionHandle<S extends Section> {
  readonly value: Settings[S];
  readonly set: (change: Partial<Settings[S]>) => void;
  /** Resolves with whether it was taken. */
  readonly trySet: (change: Partial<Settings[S]>) => Promise<boolean>;
  /** Sets an option that may be absent, or takes it out. */
  readonly setOption: <K extends keyof Settings[S]>(name: K, value: Settings[S][K] | undefined) => void;
  readonly reset: () => void;
  readonly error: string | undefined;
  /** The change holds from the next start only. */
  readonly restart: boolean;
}

/** A section of the settings: what holds, and how it is changed. Changes are sent one after another, as each is whole. */
export function useSection<S extends Section>(section: S): SectionHandle<S> {
  const store = useNode();
  const value = useNodeState(({ settings }) => settings[section]);
  const [restart, setRestart] = useState(false);
  const now = (): Settings[S] => store.state?.settings[section] ?? value;
  const update = useAction(async (next: Settings[S]) => {
    const patch = { [section]: next } as SettingsPatch;
    const answer = await store.call('settings.update', { patch });
    if (answer.restart.length > 0) setRestart(true);
  });
  const trySet = (change: Partial<Settings[S]>): Promise<boolean> => update.run({ ...now(), ...change });
  const reset = useAction(() => store.call('settings.reset', { section }));
  return {
    value,
    set: (change) => void trySet(change),
    trySet,
    setOption: (name, option) => void update.run(withOption(now(), name, option)),
    reset: () => void reset.run(),
    error: update.error ?? reset.error,
    restart,
  };
}

/** An object with an option set, or without it: `undefined` is no value of an optional setting. */
export function withOption<T extends object, K extends keyof T>(
  object: T,
  name: K,
  value: T[K] | undefined,
): T {
  const entries = Object.entries(object).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? entries : [...entries, [name, value]]) as T;
}
