/** The configuration for a real host: a C program, or a command line of kvmtool or QEMU. */
import type { ExportFormat } from '../../core/export/index.ts';
import type { Page } from '../session/page.ts';
import { download } from '../share/download.ts';
import type { Action } from './action.ts';
import { tell } from './tell.ts';

export const exports: readonly Action[] = [
  exportAs('c', 'vm.c', 'Export as C', 'Save a C program that makes the same ioctls on a real /dev/kvm.'),
  exportAs('kvmtool', 'kvmtool.sh', 'Export for kvmtool', 'Save the command line of kvmtool that comes closest.'),
  exportAs('qemu', 'qemu.sh', 'Export for QEMU', 'Save the command line of QEMU with KVM that comes closest.'),
];

function exportAs(format: ExportFormat, file: string, title: string, says: string): Action {
  return { id: `export-${format}`, title, says, group: 'Program', run: (page) => saveAs(page, format, file) };
}

async function saveAs({ store }: Page, format: ExportFormat, file: string): Promise<void> {
  // Few need it: it stays out of what the page loads first.
  const loaded = await import('../../core/export/index.ts').catch(() => null);
  if (loaded === null) {
    const hint = 'Check the connection and try again.';
    tell(store, { id: 'export', tone: 'error', text: 'The part of the page that exports could not be loaded.', hint });
    return;
  }
  const { text, cannot } = loaded.EXPORTS[format](store.getState().draft.config);
  download(file, text);
  const hint =
    cannot.length === 0 ? undefined : `Its first lines name what cannot be expressed: ${cannot.length} in all.`;
  tell(store, { id: 'export', tone: 'info', text: `${file} is saved.`, hint });
}
