/** A panel whose code is loaded when it is first shown: the first load of the page stays small. */
import { type ComponentType, lazy, Suspense } from 'react';

export function lazyView(load: () => Promise<{ readonly View: ComponentType }>): ComponentType {
  const View = lazy(() => load().then((module) => ({ default: module.View })));
  return function LazyView() {
    return (
      <Suspense fallback={<p className="empty">Loading…</p>}>
        <View />
      </Suspense>
    );
  };
}
