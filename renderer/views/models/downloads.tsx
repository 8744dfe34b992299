import type { DownloadView } from '../../../core/api/index.ts';
import { Button, Callout, Progress } from '../../components/controls.tsx';
import { bytes, duration } from '../../components/format.ts';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';

/** What is being fetched, and what failed on the way. */
export function Downloads() {
  const downloads = useNodeState((state) => state.downloads);
  return downloads
    .filter(({ state }) => state === 'running' || state === 'failed')
    .map((download) => <Download key={download.id} download={download} />);
}

function Download({ download }: { readonly download: DownloadView }) {
  const store = useNode();
  const cancel = useAction(() => store.call('models.cancel-download', { download: download.id }));
  const again = useAction(() => store.call('models.download', { model: download.model }));
  const { model, state, total, bytesPerSecond, detail } = download;
  if (state === 'failed') {
    return (
      <Callout
        tone="bad"
        title={`${model} could not be fetched`}
        actions={
          <Button small icon="retry" pending={again.pending} onClick={again.run}>
            Go on
          </Button>
        }
      >
        {detail}
      </Callout>
    );
  }
  const left =
    total === undefined || bytesPerSecond === 0
      ? undefined
      : ((total - download.bytes) / bytesPerSecond) * 1000;
  return (
    <section className="card card-pad stack-small" aria-label={`Fetching ${model}`}>
      <div className="row row-between">
        <strong className="wrap-anywhere">Fetching {model}</strong>
        <Button small pending={cancel.pending} onClick={cancel.run}>
          Cancel
        </Button>
      </div>
      <Progress
        label={`Fetching ${model}`}
        fraction={total === undefined ? undefined : download.bytes / total}
      />
      <span className="small faint">
        {bytes(download.bytes)}
        {total !== undefined && ` of ${bytes(total)}`} · {bytes(bytesPerSecond)} a second
        {left !== undefined && ` · ${duration(left)} left`}
      </span>
    </section>
  );
}
