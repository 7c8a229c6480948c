import { firmwareOrSkip } from '../firmware.ts';
import { toolOrSkip } from '../tools.ts';
import { testTarget } from './conformance.ts';

testTarget('opensbi-1.6', toolOrSkip('qemuNew').reason ?? firmwareOrSkip('opensbi-1.6').reason);
