/** What the guest was made for, against the machine that it gets. */
import { systemById } from '../guests/systems.ts';
import type { Facts, Rule } from './coherence-facts.ts';

/** What a general Linux kernel and its user space are compiled for. */
const LINUX_ISA = ['M', 'A', 'F', 'D', 'C'];

const systemOf = ({ config: { guest } }: Facts) => (guest.kind === 'system' ? systemById(guest.id) : undefined);

/** Extensions that the guest is compiled for and the harts lack; of a program nothing is known. */
function missingIsa(facts: Facts): readonly string[] {
  const needed = systemOf(facts)?.isa ?? (facts.config.guest.kind === 'image' ? LINUX_ISA : []);
  return needed.filter((name) => !facts.isa.has(name));
}

export const GUEST_RULES: readonly Rule[] = [
  {
    id: 'memory-too-small',
    fields: ['memory', 'guest'],
    when: (facts) => facts.config.memory < (systemOf(facts)?.memory ?? 0),
    says: (facts) => `${facts.config.memory} MiB are less than the guest boots in.`,
    linux: 'Linux cannot unpack its root file system, or kills processes for want of memory.',
    wayOut: (facts) => `Give it ${systemOf(facts)?.memory} MiB.`,
  },
  {
    id: 'isa-too-small',
    fields: ['isa', 'guest'],
    when: (facts) => missingIsa(facts).length > 0,
    says: (facts) => `The harts lack ${missingIsa(facts).join(', ')}, for which Linux and its programs are compiled.`,
    linux: 'The kernel or the first program that needs one of them dies of an illegal instruction.',
    wayOut: 'Switch them on, unless the guest was compiled without.',
  },
];
