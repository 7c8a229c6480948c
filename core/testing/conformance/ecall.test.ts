import { testTarget } from './conformance.ts';
import { ECALL_TARGETS } from './target-names.ts';

for (const target of ECALL_TARGETS) testTarget(target, null);
