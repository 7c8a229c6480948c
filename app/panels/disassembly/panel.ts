import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'disassembly', title: 'Disassembly', place: 'centre', View };
