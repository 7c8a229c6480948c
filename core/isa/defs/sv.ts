/**
 * Extensions of virtual memory that have no instructions: what entries of page tables may say, and who keeps
 * their accessed and dirty bits. What they mean is in `core/memory/translate.ts`. [Privileged ISA, Supervisor extensions]
 */
import { extension } from '../dsl/extension.ts';

export const svnapot = extension('Svnapot', {
  title: 'Naturally aligned pages of 64 KiB',
  spec: 'Privileged ISA, Svnapot',
  requires: ['S'],
});

export const svpbmt = extension('Svpbmt', {
  title: 'Page-based memory types',
  spec: 'Privileged ISA, Svpbmt',
  requires: ['S'],
});

export const svade = extension('Svade', {
  title: 'Page faults for clear accessed and dirty bits',
  spec: 'Privileged ISA, Supervisor: Svade',
  requires: ['S'],
});

export const svadu = extension('Svadu', {
  title: 'Hardware updates of accessed and dirty bits',
  spec: 'Privileged ISA, Svadu',
  requires: ['S'],
});

/** Invalid entries are never cached, so a new valid one needs no fence. */
export const svvptc = extension('Svvptc', {
  title: 'New valid page-table entries without a fence',
  spec: 'Privileged ISA, Svvptc',
  requires: ['S'],
});
