/** Fields of a configuration with what form, validation and link need to know about them. */
export * from './field.ts';
export * from './kinds.ts';
export * from './numbers.ts';
export * from './versioned.ts';
