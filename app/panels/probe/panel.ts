import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'probe', title: 'Probe report', place: 'centre', View };
