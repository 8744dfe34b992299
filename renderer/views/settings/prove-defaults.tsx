import { BudgetForm } from '../prove/budget-form.tsx';
import { SectionFoot } from './section-foot.tsx';
import { useSection } from './use-section.ts';

export function ProveDefaults() {
  const section = useSection('prove');
  return (
    <>
      <p className="muted">
        What one statement may take, where you do not say otherwise; donated work keeps to it too.
      </p>
      <BudgetForm value={section.value} onChange={section.set} />
      <SectionFoot section={section} />
    </>
  );
}
