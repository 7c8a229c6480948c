import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'machine', title: 'Machine', place: 'machine', View };
