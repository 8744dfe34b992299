import type { ListedModelView } from '../../../core/api/index.ts';
import { Badge, Button, Failure } from '../../components/controls.tsx';
import { bytes, count } from '../../components/format.ts';
import { useAction, useNode } from '../../store/hooks.ts';

interface ListedModelProps {
  readonly model: ListedModelView;
  readonly onEstimate: (model: string) => void;
}

const WORDS: Readonly<Record<string, string>> = {
  contextLength: 'the length of its context',
  licence: 'its licence',
  promptFamily: 'how it wants to be asked',
  shape: 'its layers and heads',
};
const wordsFor = (field: string): string => WORDS[field] ?? field;

export function ListedModel({ model, onEstimate }: ListedModelProps) {
  const store = useNode();
  const fetchFile = useAction((file: string) => store.call('models.download', { model: file }));
  return (
    <article className="card card-pad stack">
      <div className="stack-small">
        <h3>{model.name}</h3>
        <p className="small muted">{model.description}</p>
        <p className="small faint">
          {model.licence} · context of {count(model.contextLength)} tokens
        </p>
        {model.note !== undefined && <p className="small">{model.note}</p>}
        {model.unconfirmed.length > 0 && (
          <p className="small faint">Not confirmed by us: {model.unconfirmed.map(wordsFor).join(', ')}.</p>
        )}
      </div>
      <ul className="plain-rows">
        {model.files.map((file) => (
          <li key={file.id} className="row row-between">
            <span>
              {file.quantisation}{' '}
              <span className="faint small">
                {file.estimated && 'about '}
                {bytes(file.bytes)}
              </span>
            </span>
            <span className="row">
              <Button
                small
                kind="quiet"
                aria-label={`What it takes: ${file.id}`}
                onClick={() => onEstimate(file.id)}
              >
                What it takes
              </Button>
              {file.installed ? (
                <Badge tone="good" icon="check">
                  Here
                </Badge>
              ) : (
                <Button
                  small
                  icon="download"
                  aria-label={`Fetch ${file.id}`}
                  pending={fetchFile.pending}
                  onClick={() => fetchFile.run(file.id)}
                >
                  Fetch
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Failure error={fetchFile.error} />
    </article>
  );
}
