import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'program', title: 'Program', place: 'centre', View };
