/** The only list of panels. */
import { panel as about } from './about/panel.ts';
import { panel as call } from './call/panel.ts';
import { panel as disassembly } from './disassembly/panel.ts';
import { panel as ioctls } from './ioctls/panel.ts';
import { panel as machine } from './machine/panel.ts';
import { panel as matrix } from './matrix/panel.ts';
import type { PanelDefinition, Place } from './panel.ts';
import { panel as probe } from './probe/panel.ts';
import { panel as program } from './program/panel.ts';
import { panel as recordings } from './recordings/panel.ts';
import { panel as reference } from './reference/panel.ts';
import { panel as registers } from './registers/panel.ts';
import { panel as terminal } from './terminal/panel.ts';
import { panel as trace } from './trace/panel.ts';

export const PANELS: readonly PanelDefinition[] = [
  machine,
  program,
  disassembly,
  registers,
  ioctls,
  probe,
  matrix,
  recordings,
  reference,
  about,
  terminal,
  trace,
  call,
];

export function panelsIn(place: Place): readonly PanelDefinition[] {
  return PANELS.filter((panel) => panel.place === place);
}
