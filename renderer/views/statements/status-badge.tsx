import type { StatementStatus } from '../../../core/api/index.ts';
import { Badge } from '../../components/controls.tsx';

export const STATUS_TEXT: Readonly<Record<StatementStatus, string>> = {
  open: 'Open',
  working: 'Being tried here',
  claimed: 'Claimed by a peer',
  solved: 'Solved',
  disproved: 'Disproved',
  unverified: 'Not yet checked',
  invalid: 'Invalid',
};

export function StatusBadge({ status }: { readonly status: StatementStatus }) {
  const text = STATUS_TEXT[status];
  switch (status) {
    case 'solved':
      return (
        <Badge tone="good" icon="check">
          {text}
        </Badge>
      );
    case 'working':
    case 'claimed':
      return <Badge tone="accent">{text}</Badge>;
    case 'disproved':
    case 'invalid':
      return <Badge tone="bad">{text}</Badge>;
    case 'open':
    case 'unverified':
      return <Badge>{text}</Badge>;
  }
}
