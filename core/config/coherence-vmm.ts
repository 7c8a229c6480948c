/** What contradicts itself where the VMM is a program of today: it gets exits that it has no code for, or lacks what it starts with. */
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { canSwitchOff, serves } from '../vmm/profiles/index.ts';
import type { Facts, Rule } from './coherence-facts.ts';
import { isOnInKernel } from './vmm-choices.ts';

/** KVM hands these over whatever is configured, and Linux asks for none: help and matrix tell what a probe does. */
const RANGES: readonly SbiName[] = ['EXPERIMENTAL', 'VENDOR'];

const isForeign = ({ vmm }: Facts): boolean => vmm.serves !== 'all';

/** Extensions whose calls come to a VMM without code for them; of the legacy calls the console comes in any case. */
function unserved({ config, vmm }: Facts): readonly SbiName[] {
  const handedOver = SBI_NAMES.filter((name) => {
    if (RANGES.includes(name)) return false;
    return config.sbi[name] === 'vmm' || (name === 'V01' && config.sbi.V01 === 'kvm');
  });
  return handedOver.filter((name) => !serves(vmm, name));
}

export const VMM_RULES: readonly Rule[] = [
  {
    id: 'vmm-has-no-code',
    fields: ['vmm'],
    when: (facts) => (isForeign(facts) ? unserved(facts) : []),
    says: ({ vmm }, names) => `KVM hands calls of ${names} to ${vmm.label}, which has no code for them.`,
    linux: 'The first such call ends the machine, the guest with it.',
    wayOut: 'Let KVM answer them, switch them off, or take another VMM.',
  },
  {
    id: 'vmm-gets-unknown',
    fields: ['vmm', 'interface'],
    when: (facts) => isForeign(facts) && facts.config.interface === 'userspace',
    says: ({ vmm }) => `Calls that KVM does not know come to ${vmm.label}, which has no code for them.`,
    linux:
      'Linux probes first and makes none; a guest that just tries ends the machine, instead of being told NOT_SUPPORTED.',
    wayOut: 'Take the upstream interface, where KVM refuses such calls, or the VMM of Ecall.',
  },
  {
    id: 'vmm-does-not-start',
    fields: ['vmm', 'hardware.aia', 'host'],
    when: ({ vmm, host }) => vmm.needs.some(({ capability }) => !host.capabilities[capability]),
    says: ({ vmm, host }) =>
      `${vmm.label} asks for ${vmm.needs.map(({ name }) => name).join(', ')}, which ${host.label} lacks on this machine.`,
    linux: 'It does not get to run: the program does not start.',
    wayOut: 'Take a host since Linux 6.5 and switch AIA on, or take another VMM.',
  },
  {
    id: 'vmm-cannot-end',
    fields: ['vmm', 'sbi.SRST'],
    when: ({ vmm, lacks }) => !vmm.shutdown.handled && !lacks('SRST'),
    says: ({ vmm }) => `SRST is there, but ${vmm.label} has no code for the system event that follows from it.`,
    linux: 'Power-off and restart end in an error of the VMM.',
    wayOut: 'Take another VMM.',
  },
  {
    id: 'vmm-cannot-switch-off',
    fields: ['vmm', 'isa'],
    when: ({ config, host, vmm, isa }) =>
      config.interface !== 'upstream'
        ? []
        : SBI_NAMES.filter((name) => {
            const { needs, enabled } = host.extensions[name] ?? {};
            const there =
              enabled === true && needs !== undefined && [...isa].some((one) => one.toUpperCase() === needs);
            return there && config.sbi[name] === 'off' && !isOnInKernel(host, name) && !canSwitchOff(vmm, name);
          }),
    says: ({ vmm }, names) => `${names} is off here, but these harts let KVM have it, and ${vmm.label} has no switch.`,
    linux: 'Linux finds and uses it.',
    wayOut: 'Let KVM answer it, or switch off the ISA extension that it needs.',
  },
];
