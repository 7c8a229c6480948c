import { lazyView } from '../lazy.tsx';
import type { PanelDefinition } from '../panel.ts';

const View = lazyView(() => import('./View.tsx'));

export const panel: PanelDefinition = { id: 'probe', title: 'Probe', place: 'centre', View };
