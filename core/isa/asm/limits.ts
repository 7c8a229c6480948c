/** The bounds that keep assembling any input finite in time and memory. */

/** Characters of source: far above any guest written by hand, and still parsed well under a second. */
export const MAX_SOURCE = 4 * 1024 * 1024;
/** Characters of one statement: a table of 20,000 numbers on one line still fits. */
export const MAX_STATEMENT = 256 * 1024;
/** Sections: compilers make one per function at most. */
export const MAX_SECTIONS = 10_000;
/** Parameters of one macro. */
export const MAX_PARAMETERS = 100;
/** Statements executed, macro expansions and repetitions included. */
export const MAX_STATEMENTS = 500_000;
/** Characters of text made by macros and repetitions. */
export const MAX_EXPANDED_TEXT = 16 * 1024 * 1024;
/** Macros in macros; GNU as stops at 100 as well. */
export const MAX_MACRO_DEPTH = 100;
/** Rounds of one `.rept`. */
export const MAX_REPEAT = 1_000_000;
/** Bytes from the base address to the end when the caller gives no bound: the smallest guest memory. */
export const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** Diagnostics kept: more than anybody reads at once. */
export const MAX_DIAGNOSTICS = 200;
/** Parentheses and unary operators in each other; keeps the recursive parser off the stack's end. */
export const MAX_EXPRESSION_DEPTH = 200;
/** Nodes of one expression after substitution of assigned symbols, which could double at every step. */
export const MAX_EXPRESSION_SIZE = 500;
/** Operators and symbols that lead to each other when a value is computed; keeps that off the stack's end as well. */
export const MAX_EVALUATION_DEPTH = 600;
/** Nesting of conditionals. */
export const MAX_CONDITION_DEPTH = 1_000;
/** Rounds of branch relaxation; each round only repeats when a size changed, and real sources need fewer than ten. */
export const MAX_RELAX_ROUNDS = 100;
/** Largest alignment, as a power of two: 2 MiB, a megapage. */
export const MAX_ALIGN_POWER = 21;
