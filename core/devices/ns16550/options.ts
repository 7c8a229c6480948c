/** Where the serial port stands and what its device tree node says; the address is that of kvmtool and QEMU's virt machine. */
export const NS16550_OPTIONS = {
  base: 0x1000_0000n,
  /** Hz; drivers divide it to get the baud rate, which has no effect here. */
  clockFrequency: 3_686_400,
} as const;
