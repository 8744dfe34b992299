import { useState } from 'react';
import type { CommandOutput, InstalledModelView } from '../../../core/api/index.ts';
import { BudgetTable } from '../../components/budget.tsx';
import { Badge, Button, Callout, Empty, Failure, Field } from '../../components/controls.tsx';
import { bytes } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useAction, useNode, useNodeState, useQuery } from '../../store/hooks.ts';
import { ModelAtWork } from './at-work.tsx';
import { Downloads } from './downloads.tsx';
import { EstimateDialog } from './estimate-dialog.tsx';
import { ListedModel } from './listed-model.tsx';

type Library = CommandOutput<'models.list'>;

/** Language models on this machine, and those that can be fetched. */
export function Models() {
  const { loaded, reload } = useQuery('models.list', {}, [
    'models:changed',
    'models:download-changed',
    'settings:changed',
  ]);
  const [estimating, setEstimating] = useState<string>();
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Models</h1>
          <p>
            A language model proposes proofs where the portfolio is out of ideas. It runs on this machine;
            without one, everything else works as well.
          </p>
        </div>
      </header>
      <ModelAtWork />
      <Budget />
      <Downloads />
      <Loaded loaded={loaded} label="Reading the library" reload={reload}>
        {(library) => (
          <>
            <Installed library={library} onEstimate={setEstimating} />
            <section className="stack" aria-labelledby="listed">
              <h2 id="listed">Models that can be fetched</h2>
              <div className="cards">
                {library.listed.map((model) => (
                  <ListedModel key={model.id} model={model} onEstimate={setEstimating} />
                ))}
              </div>
            </section>
          </>
        )}
      </Loaded>
      {estimating !== undefined && (
        <EstimateDialog model={estimating} onClose={() => setEstimating(undefined)} />
      )}
    </div>
  );
}

/** What the mixed policy has learnt of the model in use. */
function Budget() {
  const budget = useNodeState((state) => state.budget);
  if (budget.length === 0) return null;
  return (
    <section className="card" aria-labelledby="budget">
      <div className="card-head">
        <h2 id="budget">How the mixed policy divides a budget</h2>
      </div>
      <p className="card-pad small muted">
        By what each way has brought with the model in use, on statements of which nothing special is known.
        Every way gets a little, so that what pays later is found out.
      </p>
      <BudgetTable budget={budget} />
    </section>
  );
}

interface InstalledProps {
  readonly library: Library;
  readonly onEstimate: (model: string) => void;
}

function Installed({ library: { installed, damaged }, onEstimate }: InstalledProps) {
  return (
    <section className="card" aria-labelledby="installed">
      <div className="card-head">
        <h2 id="installed">On this machine</h2>
      </div>
      {damaged.map((detail) => (
        <Callout key={detail} tone="warn" title="A file of the library cannot be read">
          {detail}
        </Callout>
      ))}
      {installed.length === 0 ? (
        <Empty icon="model" title="No model yet">
          Fetch one below, or add a GGUF file that you have.
        </Empty>
      ) : (
        <ul className="plain-list">
          {installed.map((model) => (
            <li key={model.id}>
              <Model model={model} onEstimate={onEstimate} />
            </li>
          ))}
        </ul>
      )}
      <AddModel />
    </section>
  );
}

function Model({
  model,
  onEstimate,
}: {
  readonly model: InstalledModelView;
  readonly onEstimate: (id: string) => void;
}) {
  const store = useNode();
  const chosen = useNodeState(({ settings }) => settings.model?.model === model.id);
  const use = useAction((choice: { model: string } | null) => store.call('models.use', { choice }));
  const remove = useAction(() => store.call('models.remove', { model: model.id }));
  const facts = [bytes(model.bytes), model.quantisation, model.licence].filter((part) => part !== undefined);
  return (
    <div className="entry">
      <span className="entry-head">
        <span className="entry-name">{model.name}</span>
        {chosen && <Badge tone="accent">In use</Badge>}
        {model.state !== 'ok' && (
          <Badge tone="bad">{model.state === 'missing' ? 'File is missing' : 'File has changed'}</Badge>
        )}
        {model.verified ? (
          <Badge tone="good" icon="check">
            Checksum verified
          </Badge>
        ) : (
          <Badge>Not verified</Badge>
        )}
      </span>
      <span className="entry-meta">
        {facts.join(' · ')} · {model.path}
      </span>
      <span className="row entry-actions">
        {chosen ? (
          <Button small pending={use.pending} onClick={() => use.run(null)}>
            Stop using it
          </Button>
        ) : (
          <Button
            small
            kind="primary"
            disabled={model.state === 'missing'}
            pending={use.pending}
            onClick={() => use.run({ model: model.id })}
          >
            Use
          </Button>
        )}
        <Button small onClick={() => onEstimate(model.id)}>
          What it takes
        </Button>
        <Button small kind="quiet" icon="trash" pending={remove.pending} onClick={remove.run}>
          {model.fetched ? 'Delete the file' : 'Take from the list'}
        </Button>
      </span>
      <Failure error={use.error ?? remove.error} />
    </div>
  );
}

function AddModel() {
  const store = useNode();
  const [path, setPath] = useState('');
  const add = useAction(async () => {
    await store.call('models.add', { path: path.trim() });
    setPath('');
  });
  return (
    <form
      className="card-pad stack divided"
      onSubmit={(event) => {
        event.preventDefault();
        void add.run();
      }}
    >
      <Field label="Add a GGUF file" hint="The full path on the node’s machine; the file stays where it is.">
        {(ids) => (
          <div className="row">
            <input
              {...ids}
              className="input grow"
              value={path}
              placeholder="/models/prover-7b-q4_k_m.gguf"
              onChange={({ target }) => setPath(target.value)}
            />
            <Button type="submit" disabled={path.trim() === ''} pending={add.pending}>
              Add
            </Button>
          </div>
        )}
      </Field>
      <Failure error={add.error} />
    </form>
  );
}
