/** Little-endian numbers in byte arrays. */

/** 1 to 8 bytes; the value wraps. */
export function writeNumber(bytes: Uint8Array, at: number, value: bigint, size: number): void {
  if (size <= 4) {
    const low = Number(BigInt.asUintN(32, value));
    for (let i = 0; i < size; i++) bytes[at + i] = low >>> (8 * i);
    return;
  }
  let rest = BigInt.asUintN(8 * size, value);
  for (let i = 0; i < size; i++) {
    bytes[at + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** An instruction, or half of it. */
export function writeWord(bytes: Uint8Array, at: number, word: number, size: 2 | 4): void {
  for (let i = 0; i < size; i++) bytes[at + i] = word >>> (8 * i);
}
