import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'registers', title: 'Registers', place: 'centre', View };
