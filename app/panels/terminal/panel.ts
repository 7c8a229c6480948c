import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'terminal', title: 'Terminal', place: 'terminal', View };
