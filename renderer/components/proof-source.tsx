import { useState } from 'react';
import type { ContentId } from '../../core/record/index.ts';
import { hrefOf } from '../app/routes.ts';
import { useQuery } from '../store/hooks.ts';
import { CopyButton, saveFile } from './clipboard.tsx';
import { Button } from './controls.tsx';
import { fileNameOf } from './format.ts';
import { Icon } from './icon.tsx';
import { LeanCode } from './lean/code.tsx';
import { Loaded } from './loaded.tsx';
import { ShareDialog } from './share-dialog.tsx';

interface ProofSourceProps {
  readonly proof: ContentId;
  /** Leads to the proof's place in memory. */
  readonly linked?: boolean;
}

/** A proof that was found: to read, copy, save and show. */
export function ProofSource({ proof, linked = true }: ProofSourceProps) {
  const { loaded, reload } = useQuery('bank.proof', { proof });
  const [sharing, setSharing] = useState(false);
  return (
    <Loaded loaded={loaded} label="Reading the proof" reload={reload}>
      {({ proof: view }) => (
        <section className="card proof-card" aria-labelledby="proof">
          <div className="card-head">
            <h2 id="proof" className="row">
              <span className="proof-mark">
                <Icon name="check" />
              </span>
              Proved, and accepted by Lean’s kernel
            </h2>
            <div className="row">
              <CopyButton text={view.submission} label="Copy the proof" />
              <Button
                icon="download"
                onClick={() => saveFile(fileNameOf(view.row.name, 'lean'), view.submission)}
              >
                Save
              </Button>
              <Button icon="share" onClick={() => setSharing(true)}>
                Card
              </Button>
              {linked && (
                <a className="button button-quiet" href={hrefOf('memory', proof)}>
                  In memory
                </a>
              )}
            </div>
          </div>
          <div className="card-pad">
            <LeanCode source={view.submission} label="The proof" />
          </div>
          {sharing && <ShareDialog view={view} onClose={() => setSharing(false)} />}
        </section>
      )}
    </Loaded>
  );
}
