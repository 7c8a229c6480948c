import { testTarget } from './conformance.ts';

testTarget('vmm-userspace', null);
