/** The configuration of a machine: defaults, validation, form, link and file, all made from `fields.ts`. */
export { defaultConfig } from './defaults.ts';
export { describeConfig, type FieldDescription } from './describe.ts';
export { FIELD_NAMES, FIELDS, type FieldName } from './fields.ts';
export { toFile } from './file.ts';
export { type Change, type Fitted, fitTo, moveTo, withExample, withField, withPatch, withSystem } from './fit.ts';
export { SOURCE_LIMIT } from './guest.ts';
export { fromLink, LINK_LIMIT, toLink } from './link.ts';
export { type ParseResult, parseConfig } from './parse.ts';
export { valueWords } from './rules.ts';
export {
  DEFAULT_HOST,
  guestExtensions,
  HOSTS,
  hostExtensions,
  hostOf,
  ISA_OPTIONS,
  identityRefusal,
  misalignedRefusal,
  modeRefusal,
  modesOf,
  probeRefusal,
  standardOf,
} from './tables.ts';
export {
  type Config,
  type Foundation,
  type GuestChoice,
  INTERFACES,
  type KvmInterface,
  type Platform,
} from './types.ts';
export { CONFIG_VERSION } from './version.ts';
