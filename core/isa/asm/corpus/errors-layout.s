# Mistakes that show only when the whole program is laid out.
_start:
 j nowhere
 beqz a0, _strat
 la a0, nothing
 lw a0, nothing
 add a0, a1, a
 j 8f
 .dword nothing + 4
 addi a0, a0, late
 lui a0, %hi(_start)
 addi a0, a0, _start
 addi a0, a0, %pcrel_lo(_start)
 addi a0, a0, %pcrel_lo(1f)
 .dword _start * 2
 .dword _start + _start
 .dword 1 / (_start - _start)
 .dword -_start
 .equ a_ring, b_ring
 .equ b_ring, a_ring
 .dword a_ring
 j 16
 beq a0, a1, 8
 j _start + 1
 call 16
 jal far
1: addi a0, a0, late - 1
 .org _start
 .org 4
 .skip _start - far
 .uleb128 other
 .space 0x200000
far: nop
 .equ late, 5000
 .data
 .byte _start
 .half _start
other: .org far
