/**
 * The performance control of the machine that the VMM shows: data only. Performance is on a scale without unit, where
 * 100 is what the hart always can. [ACPI 6.5 §8.4.6.1]
 */
import type { CppcRegisterName } from '../../sbi/spec/cppc.ts';

/** Registers that never change. Frequencies are in MHz, times in ns. */
export const CPPC_CONSTANTS = {
  HighestPerformance: 150,
  NominalPerformance: 100,
  LowestNonlinearPerformance: 40,
  LowestPerformance: 20,
  GuaranteedPerformanceRegister: 100,
  ReferencePerformance: 50,
  LowestFrequency: 200,
  NominalFrequency: 1000,
  TransitionLatency: 10_000,
} as const satisfies Partial<Record<CppcRegisterName, number>>;

/** The counters move by this many a microsecond at performance 1, and have 64 bits. */
export const COUNTS_PER_US = 1n;
export const COUNTER_WIDTH = 64;

/** ns above the guaranteed performance after which the hart is too hot, and how long it then has to cool. */
export const BOOST_NS = 10_000_000;
export const COOLING_NS = 2_000_000;
/** What a hart delivers at most while it cools. */
export const COOLING_PERFORMANCE = CPPC_CONSTANTS.LowestNonlinearPerformance;
