import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../core/config/index.ts';
import { toC, toKvmtool, toQemu } from '../../core/export/index.ts';
import type { Page } from '../session/page.ts';
import { download } from '../share/download.ts';
import { draftOf, withMode } from '../state/draft.ts';
import { createPageStore } from '../state/store.ts';
import { exports } from './export.ts';

vi.mock('../share/download.ts', () => ({ download: vi.fn() }));
beforeEach(() => vi.mocked(download).mockClear());

describe('exporting', () => {
  it('saves the machine as it is edited in each format, and says what is missing', async () => {
    const store = createPageStore(withMode(draftOf(defaultConfig()), 'TIME', 'vmm'));
    const { config } = store.getState().draft;
    for (const action of exports) await action.run({ store } as Page);
    expect(vi.mocked(download).mock.calls).toEqual([
      ['vm.c', toC(config).text],
      ['kvmtool.sh', toKvmtool(config).text],
      ['qemu.sh', toQemu(config).text],
    ]);
    expect(toC(config).text).toContain('TIME answered by the VMM');
    const [message] = store.getState().ui.messages;
    expect(message?.text).toBe('qemu.sh is saved.');
    expect(message?.hint).toContain(`${toQemu(config).cannot.length} in all`);
  });
});
