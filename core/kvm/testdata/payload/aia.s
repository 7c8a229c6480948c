# What a guest sees of Ssaia under KVM: every value that it notes is stored to an address that no device has, so that it
# stands in the exit log. Built by our own assembler, for 0x80000000.

  .equ NOTES, 0x10002000
  .equ END, 0x10000008
  .equ SOFT, 1 << 1
  .equ TIMER, 1 << 5
  .equ OVERFLOW, 1 << 13

  .macro note reg
  sd \reg, 0(s10)
  .endm
  # The number of the part that follows.
  .macro part number
  li t6, \number
  sd t6, 8(s10)
  .endm
  .macro select number
  li t0, \number
  csrw siselect, t0
  .endm
  # Old value by reading, then what was kept of all ones, of zero, and of another pattern.
  .macro fields
  csrr a0, sireg
  note a0
  li t1, -1
  csrw sireg, t1
  csrr a0, sireg
  note a0
  csrrwi a1, sireg, 0
  note a1
  csrr a0, sireg
  note a0
  li t1, 0x123456789abcdef0
  csrrs a1, sireg, t1
  note a1
  csrr a0, sireg
  note a0
  li t1, 0xff00ff00ff00ff0
  csrrc a1, sireg, t1
  note a1
  csrr a0, sireg
  note a0
  csrw sireg, zero
  .endm
  # Priority numbers of the software, timer and overflow interrupt.
  .macro priorities soft, timer, overflow
  select 0x30
  li t1, (\soft << 8) | (\timer << 40)
  csrw sireg, t1
  select 0x32
  li t1, \overflow << 40
  csrw sireg, t1
  .endm
  .macro pend bits
  li t1, SOFT | OVERFLOW
  csrc sip, t1
  li t1, -1
  csrw stimecmp, t1
  li t1, (\bits) & (SOFT | OVERFLOW)
  csrs sip, t1
  .if (\bits) & TIMER
  csrw stimecmp, zero
  .endif
  .endm
  .macro enable bits
  li t1, \bits
  csrw sie, t1
  .endm
  # Which is first, by stopi and by what is taken one after the other.
  .macro order
  csrr a0, stopi
  note a0
  csrsi sstatus, 2
  nop
  csrci sstatus, 2
  csrr a0, stopi
  note a0
  .endm

  .text
  .globl _start
_start:
  li s10, NOTES
  la t0, handler
  csrw stvec, t0
  csrci sstatus, 2
  enable 0

  part 1
  select 0x30
  fields
  select 0x32
  fields
  select 0x34
  fields
  select 0x36
  fields
  select 0x3e
  fields

  part 2
  select 0x30
  csrr a0, sireg
  select 0x2f
  csrr a0, sireg
  select 0x31
  csrr a0, sireg
  csrw sireg, zero
  select 0x3f
  csrr a0, sireg
  select 0x6f
  csrr a0, sireg
  select 0x100
  csrr a0, sireg
  select 0x130
  csrr a0, sireg
  select 0xfff
  csrr a0, sireg

  part 3
  select 0x70
  csrr a0, sireg
  note a0
  select 0x80
  li t1, 0x55
  csrrw a0, sireg, t1
  note a0
  select 0xff
  csrrsi a0, sireg, 3
  note a0
  csrrci a0, sireg, 3
  note a0
  csrr a0, stopei
  note a0
  csrrw a0, stopei, zero
  note a0

  part 4
  csrr a0, stopi
  note a0
  csrw stopi, zero
  csrr a0, siselect
  note a0
  li t1, -1
  csrw siselect, t1
  csrr a0, siselect
  note a0

  # No two of those pending have the same number: which of them is first then is another matter.
  part 5
  priorities 0, 0, 0
  pend SOFT | TIMER | OVERFLOW
  order
  enable SOFT
  order
  enable TIMER
  order
  enable OVERFLOW
  order
  enable SOFT | TIMER | OVERFLOW

  part 6
  priorities 3, 2, 1
  pend SOFT | TIMER | OVERFLOW
  order

  part 7
  priorities 1, 2, 3
  pend SOFT | TIMER | OVERFLOW
  order

  part 8
  priorities 9, 0, 200
  pend SOFT | TIMER | OVERFLOW
  order

  part 9
  priorities 254, 1, 0
  pend SOFT | TIMER | OVERFLOW
  order

  li t0, END
  sd zero, 0(t0)
1:
  j 1b

  # An exception is noted with the instruction and passed over; an interrupt is noted and taken away.
  .balign 4
handler:
  csrr t3, scause
  note t3
  bltz t3, interrupt
  csrr t4, stval
  note t4
  csrr t4, sepc
  addi t4, t4, 4
  csrw sepc, t4
  sret
interrupt:
  slli t3, t3, 1
  srli t3, t3, 1
  li t4, 5
  beq t3, t4, 2f
  li t5, 1
  sll t5, t5, t3
  csrc sip, t5
  sret
2:
  li t5, -1
  csrw stimecmp, t5
  sret
