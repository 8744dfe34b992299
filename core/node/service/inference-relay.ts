import type { InferenceEvent } from '../../api/index.ts';
import type { InferenceEvent as EngineEvent } from '../../policy/llama/index.ts';
import { cut } from './text.ts';

/** A file is read faster than anyone looks. */
const LOADING_MS = 250;
const MAX_TEXT = 500;

/** Passes a model's events on to the faces: what its file says of itself is bounded, and loading is told now and then. */
export function inferenceRelay(
  emit: (event: InferenceEvent) => void,
  now: () => number = () => performance.now(),
): (event: EngineEvent) => void {
  let told = -Infinity;
  return (event) => {
    switch (event.type) {
      case 'inference:loading': {
        const at = now();
        if (at - told < LOADING_MS && event.fraction < 1) return;
        told = at;
        emit(event);
        return;
      }
      case 'inference:ready': {
        const { name, architecture, basename, organization, fileName, baseModels, devices } = event.model;
        const short = Object.fromEntries(
          Object.entries({ name, architecture, basename, organization, fileName }).flatMap(([key, text]) =>
            text === undefined ? [] : [[key, cut(text, MAX_TEXT)]],
          ),
        );
        const model = {
          ...event.model,
          ...short,
          baseModels: baseModels.slice(0, 20).map((text) => cut(text, MAX_TEXT)),
          devices: devices.slice(0, 64).map((text) => cut(text, MAX_TEXT)),
        };
        emit({ ...event, model });
        return;
      }
      case 'inference:crashed': {
        emit({ ...event, detail: cut(event.detail, 2000) });
        return;
      }
      case 'inference:estimated':
      case 'inference:stats':
      case 'inference:unloaded': {
        emit(event);
        return;
      }
    }
  };
}
