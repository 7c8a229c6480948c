/** How a panel is described to the layout. */
import type { ComponentType } from 'react';

export type Place = 'machine' | 'centre' | 'terminal' | 'trace' | 'call';

export interface PanelDefinition {
  readonly id: string;
  readonly title: string;
  /** Several panels of the centre become tabs, in the order of the list. */
  readonly place: Place;
  readonly View: ComponentType;
}
