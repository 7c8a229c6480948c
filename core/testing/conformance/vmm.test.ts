import { testTarget } from './conformance.ts';

testTarget('vmm', null);
