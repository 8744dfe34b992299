import { useState } from 'react';
import type { ProfileView } from '../../../core/api/index.ts';
import { CopyButton } from '../../components/clipboard.tsx';
import { Button, Check, Failure, Field } from '../../components/controls.tsx';
import { ago, shortId } from '../../components/format.ts';
import { useAction, useNode, useNodeState, useNow } from '../../store/hooks.ts';
import { ContributorId } from './contributor.tsx';

interface ProfileFormProps {
  readonly peer: string;
  readonly profile: ProfileView;
}

const MAX_NAME = 40;

/** What others are told of this node’s user. */
export function ProfileForm({ peer, profile }: ProfileFormProps) {
  const store = useNode();
  const [name, setName] = useState(profile.name ?? '');
  const [team, setTeam] = useState(profile.team ?? '');
  const [shareHours, setShareHours] = useState(profile.shareHours);
  const save = useAction(async () => {
    const saved = await store.call('contributions.set-profile', { name, team, shareHours });
    // As they are kept: blanks at the ends are gone.
    setName(saved.profile.name ?? '');
    setTeam(saved.profile.team ?? '');
  });
  const changed =
    name !== (profile.name ?? '') || team !== (profile.team ?? '') || shareHours !== profile.shareHours;
  return (
    <section className="card" aria-labelledby="profile">
      <div className="card-head">
        <h2 id="profile">How others see you</h2>
        <span className="profile-preview">
          {profile.name !== undefined && <bdi className="entry-name">{profile.name}</bdi>}
          <ContributorId peer={peer} />
        </span>
      </div>
      <form
        className="card-pad stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) void save.run();
        }}
      >
        <div className="form-grid">
          <Field label="Name" hint="Up to 40 characters. Empty: your peer id alone.">
            {(ids) => (
              <input
                {...ids}
                className="input"
                value={name}
                maxLength={MAX_NAME}
                autoComplete="nickname"
                dir="auto"
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <Field label="Team" hint="Whoever writes the same name is in it. Empty: none.">
            {(ids) => (
              <input
                {...ids}
                className="input"
                value={team}
                maxLength={MAX_NAME}
                autoComplete="off"
                dir="auto"
                onChange={({ target }) => setTeam(target.value)}
              />
            )}
          </Field>
        </div>
        <Check
          label="Tell others my hours"
          hint="GPU and CPU hours in all, not when they were."
          checked={shareHours}
          onChange={setShareHours}
        />
        <Failure error={save.error} />
        <div className="row row-between">
          <Published profile={profile} changed={changed} />
          <Button type="submit" kind="primary" disabled={!changed} pending={save.pending}>
            Save
          </Button>
        </div>
      </form>
      <div className="card-pad row row-between divided">
        <div className="stack-small grow">
          <h3>Your peer id</h3>
          <p className="small muted">
            Anyone can take any name. This cannot be taken: it signs every proof found here, and stands beside
            your name as {shortId(peer)}.
          </p>
          <code className="small wrap-anywhere">{peer}</code>
        </div>
        <CopyButton text={peer} />
      </div>
    </section>
  );
}

/** What has become of what was saved. */
function Published({ profile, changed }: { readonly profile: ProfileView; readonly changed: boolean }) {
  const online = useNodeState(({ network }) => network.state === 'on');
  const now = useNow(true, 30_000);
  const says = profile.name !== undefined || profile.team !== undefined || profile.shareHours;
  const text = changed
    ? 'Not saved yet.'
    : !says && profile.publishedAt === undefined
      ? 'Others are told nothing until you save.'
      : !online
        ? 'Others are told when the network is on.'
        : profile.publishedAt === undefined
          ? 'Others are told within five minutes.'
          : `Others were last told ${ago(profile.publishedAt, now)}.`;
  return (
    <span className="small muted" role="status">
      {text}
    </span>
  );
}
