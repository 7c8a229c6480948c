/** Where the panels stand: resizable side by side on a wide page, one at a time on a narrow one. */
import { type ReactNode, useState } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { REGIONS, type RegionId, regionElementId } from '../actions/view.ts';
import { panelsIn } from '../panels/index.ts';
import type { PanelDefinition, Place } from '../panels/panel.ts';
import { readItem, writeItem } from '../share/working-copy.ts';
import { patch } from '../state/store.ts';
import { TabList, tabId, tabPanelId } from '../ui/tabs.tsx';
import { usePage, usePageState } from './context.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

const layoutStorage = {
  getItem: (key: string) => readItem(() => localStorage, key),
  setItem: (key: string, value: string) => void writeItem(() => localStorage, key, value),
};

export function WideLayout() {
  const columns = useDefaultLayout({ id: 'ecall.columns', storage: layoutStorage });
  const rows = useDefaultLayout({ id: 'ecall.rows', storage: layoutStorage });
  const top = useDefaultLayout({ id: 'ecall.top', storage: layoutStorage });
  const bottom = useDefaultLayout({ id: 'ecall.bottom', storage: layoutStorage });
  return (
    <main className="bench">
      <Group orientation="horizontal" {...columns}>
        <Panel
          id="machine-panel"
          defaultSize={368}
          minSize={336}
          maxSize={520}
          groupResizeBehavior="preserve-pixel-size"
        >
          <Region id="machine" place="machine" />
        </Panel>
        <Separator className="separator" aria-label="Width of the machine" />
        <Panel id="bench-panel" minSize={480}>
          <Group orientation="vertical" {...rows}>
            <Panel id="upper-panel" defaultSize="58%" minSize={140}>
              <Group orientation="horizontal" {...top}>
                <Panel id="program-panel" defaultSize="60%" minSize={260}>
                  <Centre />
                </Panel>
                <Separator className="separator" aria-label="Width of the program" />
                <Panel id="terminal-panel" minSize={180}>
                  <Region id="terminal" place="terminal" />
                </Panel>
              </Group>
            </Panel>
            <Separator className="separator" aria-label="Height of program and terminal" />
            <Panel id="lower-panel" minSize={100}>
              <Group orientation="horizontal" {...bottom}>
                <Panel id="trace-panel" defaultSize="71%" minSize={300}>
                  <Region id="trace" place="trace" />
                </Panel>
                <Separator className="separator" aria-label="Width of the trace" />
                <Panel id="call-panel" minSize={180}>
                  <Region id="call" place="call" />
                </Panel>
              </Group>
            </Panel>
          </Group>
        </Panel>
      </Group>
    </main>
  );
}

const NARROW_NAMES: Readonly<Record<RegionId, ReactNode>> = {
  machine: <Region id="machine" place="machine" />,
  program: <Centre />,
  terminal: <Region id="terminal" place="terminal" />,
  trace: <Region id="trace" place="trace" />,
  call: <Region id="call" place="call" />,
};

export function NarrowLayout() {
  const { store } = usePage();
  const selected = usePageState((state) => state.ui.narrowTab);
  const region = REGIONS.find(({ id }) => id === selected) ?? REGIONS[1];
  return (
    <main className="bench narrow">
      <div
        id={tabPanelId('narrow', region.id)}
        role="tabpanel"
        aria-labelledby={tabId('narrow', region.id)}
        className="narrow-panel"
      >
        {NARROW_NAMES[region.id]}
      </div>
      <TabList
        label="Parts of the page"
        name="narrow"
        className="narrow-tabs"
        tabs={REGIONS.map(({ id, title }) => ({ id, title }))}
        selected={region.id}
        onSelect={(id) => patch(store, 'ui', { narrowTab: id })}
      />
    </main>
  );
}

function Region({ id, place }: { readonly id: RegionId; readonly place: Place }) {
  const [panel] = panelsIn(place);
  if (panel === undefined) return null;
  return (
    <section id={regionElementId(id)} className="region" aria-label={panel.title} tabIndex={-1}>
      <ErrorBoundary part={panel.title}>
        <panel.View />
      </ErrorBoundary>
    </section>
  );
}

/** The centre's panels are tabs. One that was opened stays mounted, so that the editor keeps its state. */
function Centre() {
  const { store } = usePage();
  const tabs = panelsIn('centre');
  const chosen = usePageState((state) => state.ui.tab);
  const selected = tabs.find(({ id }) => id === chosen) ?? tabs[0];
  return (
    <section id={regionElementId('program')} className="region centre" aria-label="Program and views" tabIndex={-1}>
      <TabList
        label="Views"
        name="centre"
        tabs={tabs}
        selected={selected?.id ?? ''}
        onSelect={(id) => patch(store, 'ui', { tab: id })}
      />
      {tabs.map((panel) => (
        <TabPanel key={panel.id} panel={panel} shown={panel.id === selected?.id} />
      ))}
    </section>
  );
}

/** The program's editor must outlive its tab; the other views are cheap to draw again. */
const KEPT = 'program';

function TabPanel({ panel, shown }: { readonly panel: PanelDefinition; readonly shown: boolean }) {
  const [opened, setOpened] = useState(shown);
  if (shown && !opened) setOpened(true);
  const mounted = shown || (opened && panel.id === KEPT);
  return (
    <div
      id={tabPanelId('centre', panel.id)}
      role="tabpanel"
      aria-labelledby={tabId('centre', panel.id)}
      className="tab-panel"
      hidden={!shown}
    >
      {mounted ? (
        <ErrorBoundary part={panel.title}>
          <panel.View />
        </ErrorBoundary>
      ) : null}
    </div>
  );
}
