/** What the VMM keeps of one SBI extension between calls: plain data, without ioctls or guest memory. */
export interface ExtensionState {
  /** What JSON can hold. */
  save(): unknown;
  /** Takes what `save` gave. Throws PlainError for anything else. */
  load(saved: unknown): void;
  /** A hart stopped, or is about to start. */
  resetHart(hartid: number): void;
}
