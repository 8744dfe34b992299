import { Field, Segments } from '../../components/controls.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { SectionFoot } from './section-foot.tsx';
import { useSection } from './use-section.ts';

export function AppearanceSettings() {
  const section = useSection('appearance');
  const { theme, motion, editorFontSize } = section.value;
  return (
    <>
      <div className="stack-small">
        <h3>Theme</h3>
        <Segments
          label="Theme"
          value={theme}
          options={[
            ['system', 'As the system'],
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          onChange={(next) => section.set({ theme: next })}
        />
      </div>
      <div className="stack-small">
        <h3>Motion</h3>
        <Segments
          label="Motion"
          value={motion}
          options={[
            ['system', 'As the system'],
            ['reduced', 'Less'],
            ['full', 'Full'],
          ]}
          onChange={(next) => section.set({ motion: next })}
        />
      </div>
      <Field label="Size of letters in the editor">
        {(ids) => (
          <NumberInput
            {...ids}
            value={editorFontSize}
            min={8}
            max={40}
            onChange={(next) => section.set({ editorFontSize: next })}
          />
        )}
      </Field>
      <SectionFoot section={section} />
    </>
  );
}
