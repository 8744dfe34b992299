import { Button, Callout, Failure } from '../../components/controls.tsx';

interface SectionFootProps {
  readonly section: {
    readonly reset: () => void;
    readonly error: string | undefined;
    readonly restart: boolean;
  };
}

export const SectionFoot = ({ section: { reset, error, restart } }: SectionFootProps) => (
  <>
    <Failure error={error} />
    {restart && (
      <Callout tone="warn" title="Some of this holds from the next start of the node" alert>
        Work that is under way goes on as it was begun.
      </Callout>
    )}
    <div className="row section-foot">
      <Button small kind="quiet" onClick={reset}>
        Back to the defaults
      </Button>
    </div>
  </>
);
