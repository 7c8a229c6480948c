/** Makes a combination the machine of the working copy; what stood there is put aside. */
import { combined } from '../../../core/config/combination.ts';
import { fitTo } from '../../../core/config/index.ts';
import { putAside } from '../../actions/tell.ts';
import type { Page } from '../../session/page.ts';
import type { Draft } from '../../state/draft.ts';
import type { Combination } from './select.ts';

/** Drafts that came from here: one that nobody touched since need not be kept. */
const loaded = new WeakSet<Draft>();

/** Program, harts, memory and costs stay; release, VMM, interface and all that is chosen on them is as the guest met it. */
export function withCombination(draft: Draft, { choice, ...platform }: Combination): Draft {
  const { interface: kvm, host, vmm, hardware, sbi, probes, ...base } = combined(platform, choice);
  const { sbiVersion, implId, implVersion, mvendorid, marchid, mimpid } = base;
  const identity = { sbiVersion, implId, implVersion, mvendorid, marchid, mimpid };
  const { config, changes } = fitTo({ ...draft.config, ...identity, interface: kvm, host, vmm, hardware, sbi, probes });
  const fitted = changes.map(({ field, from, to, reason }) => `${field} ${from} → ${to}: ${reason}`);
  return { ...draft, config, texts: {}, problems: [], fitted, chosen: null };
}

export function load({ store }: Page, one: Combination, words: string): void {
  const { draft } = store.getState();
  const next = withCombination(draft, one);
  loaded.add(next);
  store.setState({ draft: next });
  if (!loaded.has(draft)) putAside(store, draft, `${words} is the machine now. What you had was put aside.`);
}
