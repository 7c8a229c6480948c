import { testTarget } from './conformance.ts';

testTarget('kvm', null);
