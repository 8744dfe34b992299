import { donationTitle, pauseText } from '../../core/api/words/index.ts';
import { useAction, useNode, useNodeState, useNow } from '../store/hooks.ts';
import { Button } from './controls.tsx';

/** How donating stands, on every screen, with the one button that matters. */
export function DonationPill() {
  const store = useNode();
  const donation = useNodeState((state) => state.donation);
  const now = useNow(donation.state === 'paused', 30_000);
  const running = donation.state === 'running' || donation.state === 'finishing';
  const control = useAction((action: 'pause' | 'resume' | 'start') =>
    store.call('donation.control', { action }),
  );
  const [reason] = donation.reasons;
  const title = donationTitle(donation);
  const action = running ? 'pause' : donation.state === 'stopped' ? 'start' : 'resume';
  return (
    <div className="donation-pill" title={reason && pauseText(reason, now)}>
      <span className="status-dot" data-state={donation.state} aria-hidden="true" />
      <span className="grow">{title}</span>
      <Button
        kind="quiet"
        small
        single
        icon={running ? 'pause' : 'play'}
        aria-label={{ pause: 'Pause donating', resume: 'Resume donating', start: 'Start donating' }[action]}
        pending={control.pending}
        onClick={() => control.run(action)}
      />
    </div>
  );
}
