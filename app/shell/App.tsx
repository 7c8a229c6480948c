/** The page as a whole. */
import { lazy, Suspense } from 'react';
import { takeFile } from '../actions/file.ts';
import { View as Flow } from '../panels/flow/View.tsx';
import type { Page } from '../session/page.ts';
import { PageProvider, usePage, usePageState } from './context.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Header } from './Header.tsx';
import { useShortcuts } from './keyboard.ts';
import { NarrowLayout, WideLayout } from './Layout.tsx';
import { Messages } from './Messages.tsx';
import { useMedia } from './media.ts';
import { StatusBar } from './StatusBar.tsx';
import { useTheme } from './theme.ts';
import './shell.css';

const Palette = lazy(() => import('./Palette.tsx').then((module) => ({ default: module.Palette })));
const Help = lazy(() => import('./Help.tsx').then((module) => ({ default: module.Help })));

/** Below this width the panels are shown one at a time. */
const NARROW = '(max-width: 820px)';

export function App({ page }: { readonly page: Page }) {
  return (
    <ErrorBoundary part="The page">
      <PageProvider page={page}>
        <Bench />
      </PageProvider>
    </ErrorBoundary>
  );
}

function Bench() {
  const page = usePage();
  useTheme();
  useShortcuts();
  const narrow = useMedia(NARROW);
  const dialog = usePageState((state) => state.ui.dialog);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way to "Open a file"
    <div
      className="page"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const [file] = event.dataTransfer.files;
        if (file === undefined) return;
        event.preventDefault();
        void takeFile(page, file);
      }}
    >
      <Header />
      <ErrorBoundary part="The strip of layers">
        <Flow />
      </ErrorBoundary>
      {narrow ? <NarrowLayout /> : <WideLayout />}
      <StatusBar />
      <Messages />
      <Suspense fallback={null}>
        {dialog === 'palette' ? <Palette /> : null}
        {dialog === 'help' ? <Help /> : null}
      </Suspense>
    </div>
  );
}
