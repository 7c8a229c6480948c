import type { PanelDefinition } from '../panel.ts';
import { View } from './View.tsx';

export const panel: PanelDefinition = { id: 'ioctls', title: 'ioctls', place: 'centre', View };
