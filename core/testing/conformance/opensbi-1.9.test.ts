import { firmwareOrSkip } from '../firmware.ts';
import { toolOrSkip } from '../tools.ts';
import { testTarget } from './conformance.ts';

testTarget(
  'opensbi-1.9',
  toolOrSkip('qemuNew').reason ?? toolOrSkip('dtc').reason ?? firmwareOrSkip('opensbi-1.9').reason,
);
