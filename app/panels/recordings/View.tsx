/** The recordings: what real Linux kernels did, and whether the model does the same, line by line. */
import { useEffect, useSyncExternalStore } from 'react';
import { showRecording } from '../../actions/recordings.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Lines } from './Lines.tsx';
import { Overview } from './Overview.tsx';
import { type Replays, type ReplaysState, replaysOf } from './replays.ts';
import './recordings.css';

export function View() {
  const page = usePage();
  const replays = replaysOf(page);
  const state = useSyncExternalStore(replays.subscribe, () => replays.state);
  const { host: name, run } = usePageState((all) => all.recordings);
  useEffect(() => {
    void replays.open();
    return () => replays.stop();
  }, [replays]);
  const host = name === null ? state.hosts[0] : state.hosts.find(({ about }) => about.name === name);
  const known = host?.about.runs.find((one) => one.name === run);
  if (host !== undefined && (run === null || known !== undefined)) {
    return known === undefined ? (
      <Overview replays={replays} state={state} host={host} />
    ) : (
      <Lines key={`${host.about.name}/${known.name}`} replays={replays} state={state} host={host} run={known} />
    );
  }
  const wanted = [name, run].filter((part) => part !== null).join('/');
  return <Absent replays={replays} state={state} wanted={wanted} />;
}

function Absent(props: { readonly replays: Replays; readonly state: ReplaysState; readonly wanted: string }) {
  const { store } = usePage();
  const { replays, state, wanted } = props;
  if (state.loading) return <p className="empty">Loading the recordings…</p>;
  if (state.failure !== null) {
    return (
      <div className="empty" role="alert" data-testid="recordings-failure">
        <p>{state.failure}</p>
        <Button onClick={() => void replays.open()}>Try again</Button>
      </div>
    );
  }
  return (
    <div className="empty" data-testid="recordings-absent">
      <p>There is no recording {wanted} here.</p>
      <Button onClick={() => showRecording(store, null, null)}>Show those that there are</Button>
    </div>
  );
}
