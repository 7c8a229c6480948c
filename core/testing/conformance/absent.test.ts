import { testTarget } from './conformance.ts';

testTarget('absent', null);
