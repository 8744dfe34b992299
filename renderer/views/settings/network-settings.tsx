import { Check, Field } from '../../components/controls.tsx';
import { Curators } from './curators.tsx';
import { SectionFoot } from './section-foot.tsx';
import { TextList } from './text-list.tsx';
import { useSection } from './use-section.ts';

export function NetworkSettings() {
  const section = useSection('network');
  const { enabled, listen, bootstrap, relays, relay, mdns, dht, upnp } = section.value;
  return (
    <>
      <Check
        label="Take part in the swarm"
        hint="Peers then see this machine’s address, its peer id, and what you publish. Off: nothing is sent, and nobody learns of this node."
        checked={enabled}
        onChange={(next) => section.set({ enabled: next })}
      />
      <div className="stack">
        <h3>Finding peers</h3>
        <Check label="On the local network" checked={mdns} onChange={(next) => section.set({ mdns: next })} />
        <Check
          label="Through the distributed hash table"
          checked={dht}
          onChange={(next) => section.set({ dht: next })}
        />
        <Check
          label="Ask the router to let peers in (UPnP)"
          checked={upnp}
          onChange={(next) => section.set({ upnp: next })}
        />
      </div>
      <Field label="Peers to begin with" hint="Their addresses, one a line.">
        {(ids) => (
          <TextList
            {...ids}
            value={bootstrap}
            placeholder="/dns4/node.example.org/tcp/4001/p2p/12D3KooW…"
            onChange={(next) => section.trySet({ bootstrap: next })}
          />
        )}
      </Field>
      <Field label="Addresses to listen on" hint="Empty: a free port on every interface.">
        {(ids) => (
          <TextList
            {...ids}
            value={listen}
            placeholder="/ip4/0.0.0.0/tcp/4001"
            onChange={(next) => section.trySet({ listen: next })}
          />
        )}
      </Field>
      <Field label="Relays" hint="For machines behind a router that lets nobody in.">
        {(ids) => (
          <TextList
            {...ids}
            value={relays}
            placeholder="/ip4/203.0.113.7/tcp/4001/p2p/12D3KooW…"
            onChange={(next) => section.trySet({ relays: next })}
          />
        )}
      </Field>
      <Check
        label="Relay for peers that others cannot reach"
        hint="For a machine that others reach: 64 peers at most, 2 MB a second on average."
        checked={relay}
        onChange={(next) => section.set({ relay: next })}
      />
      <SectionFoot section={section} />
      <Curators />
    </>
  );
}
