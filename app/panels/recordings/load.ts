/** Makes a recorded host the host of the page's machine, as far as a configuration can say it. */
import { type Config, hostOf, ISA_OPTIONS, parseConfig } from '../../../core/config/index.ts';
import { HOST_PROFILES, type HostProfile, RELEASES } from '../../../core/kvm/profiles/index.ts';
import { putAside, tell } from '../../actions/tell.ts';
import type { Page } from '../../session/page.ts';
import type { Draft } from '../../state/draft.ts';
import type { Host } from './replays.ts';

export interface Loaded {
  readonly draft: Draft;
  /** What of the host a configuration cannot say, in words. */
  readonly left: readonly string[];
}

const SATP_MODES = { 8: 'sv39', 9: 'sv48', 10: 'sv57' } as const;

/** Program, harts, memory and costs stay; all that is below the guest becomes as it was recorded. */
export function withHost(draft: Draft, recorded: HostProfile): Loaded {
  const { hardware } = recorded;
  const has = new Set(hardware.isa);
  const parsed = parseConfig({
    interface: 'upstream',
    host: profileName(recorded),
    hardware: {
      aia: hardware.aia ? 'on' : 'off',
      satpMode: SATP_MODES[hardware.satpMode],
      mvendorid: hardware.mvendorid,
      marchid: hardware.marchid,
      mimpid: hardware.mimpid,
    },
    isa: ISA_OPTIONS.map(({ value }) => value).filter((name) => has.has(name.toUpperCase())),
  });
  if (!parsed.ok) throw new Error(`the host ${recorded.name} gives no configuration: ${parsed.problems[0]?.message}`);
  const { guest, harts, memory, costs, neighbours, input, bootargs } = draft.config;
  const config = { ...parsed.config, guest, harts, memory, costs, neighbours, input, bootargs };
  return {
    draft: { ...draft, config, texts: {}, problems: [], fitted: [], chosen: null },
    left: leftOf(recorded, config),
  };
}

/** The profile of the page for that release, with or without the legacy calls. */
function profileName({ linux, sbiV01 }: HostProfile): string {
  const release = RELEASES.find(({ name }) => linux === name || linux.startsWith(`${name}.`));
  const found = HOST_PROFILES.find((profile) => profile.sbiV01 === sbiV01 && profile.linux === release?.linux);
  if (found === undefined) throw new Error(`there is no profile of Linux ${linux}`);
  return found.name;
}

function leftOf(recorded: HostProfile, config: Config): readonly string[] {
  const host = hostOf(config);
  if (host === undefined) return [];
  const names = new Set(ISA_OPTIONS.map(({ value }) => value.toUpperCase()));
  const extensions = recorded.hardware.isa.filter((name) => !names.has(name) && !host.isa.includes(name));
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['Linux', recorded.linux, host.linux],
    ['hardware counters', recorded.hardware.counters, host.hardware.counters],
    ['misaligned accesses left to the guest by FWFT', yes(recorded.delegatesMisaligned), yes(host.delegatesMisaligned)],
    ['satp mode that the host itself uses', recorded.hostSatpMode, host.hostSatpMode],
    ['bytes of a cache block', recorded.hardware.blockSize, host.hardware.blockSize],
  ];
  return [
    ...(extensions.length === 0 ? [] : [`ISA extensions ${extensions.join(' ')}`]),
    ...facts
      .filter(([, theirs, ours]) => theirs !== ours)
      .map(([what, theirs, ours]) => `${what}: ${theirs}, here ${ours}`),
  ];
}

const yes = (holds: boolean): string => (holds ? 'possible' : 'not possible');

export function loadHost({ store }: Page, { about }: Host): void {
  if ('refusal' in about.model) return;
  const { draft } = store.getState();
  const { draft: next, left } = withHost(draft, about.model.profile);
  store.setState({ draft: next });
  putAside(store, draft, `The host of ${about.name} is that of the machine now. What you had was put aside.`);
  if (left.length === 0) return;
  tell(store, {
    id: 'recordings',
    tone: 'info',
    text: `A configuration does not say all of ${about.name}:`,
    hint: `${left.join('; ')}.`,
  });
}
