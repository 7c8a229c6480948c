# Pseudo-instructions of several instructions, with symbols before and behind them and in other sections.
 .equ SIZE, 1000
 .globl _start
_start:
 la sp, stack_top
 lla a0, msg
 la a1, msg + 3
 la a2, 5
 la a3, 0x12345678
 call main
 call t0, main
 tail _start
 jump far, t0
 lw a0, val
 ld a1, val
 lb a0, msg+1
 lbu a0, msg
 lh a0, msg
 lhu a0, msg
 lwu a0, msg
 sb a0, val, t0
 sh a0, val, t0
 sw a0, val, t0
 sd a0, val+8, t1
main:
 sext.b a0, a1
 sext.h a0, a1
 zext.h a0, a1
 zext.w a0, a1
 sext.b a0, a0
 zext.w t3, t3
1: auipc a0, %pcrel_hi(msg)
 addi a0, a0, %pcrel_lo(1b)
 lw a1, %pcrel_lo(1b)(a0)
 sw a1, %pcrel_lo(1b)(a0)
2: auipc a0, %pcrel_hi(val + 8)
 ld a1, %pcrel_lo(2b)(a0)
 sd a1, %pcrel_lo(2b)(a0)
 lui a0, %hi(0x12345678)
 addi a0, a0, %lo(0x12345678)
 lui a0, %hi(0x12345fff)
 lw a0, %lo(0x12345fff)(a0)
 sw a0, %lo(0x12345fff)(a0)
 addi a0, a0, %lo(msg)
 jalr zero, %lo(0x123)(a0)
 lui a5, %hi(0x1000)
 ld a0, %lo(0x1008)(a5)
 addi a0, a0, %lo(0x1001)
 addi a0, a0, %lo(0x1000)
 li a0, 0
 li a0, 31
 li a0, -32
 li a0, 32
 li a0, 2047
 li a0, -2048
 li a0, 2048
 li a0, -2049
 li a0, 4096
 li a0, 0x1f000
 li a0, 0x20000
 li a0, 0x7fffffff
 li a0, 0x80000000
 li a0, -0x80000000
 li a0, 0xffffffff
 li a0, 0x100000000
 li a0, 0x123456789abcdef
 li a0, 0x8000000000000000
 li a0, 0xffffffffffffffff
 li a0, -1
 li a0, 1 << 40 | 7
 li sp, 0x1000
 li x0, 5
 li x0, 0x1000
 li x0, 0x12345
 li a0, SIZE * 2
 .equ SIZE2, 3
 li a0, SIZE2
 .section .rodata
msg: .asciz "hello\n"
 .data
val: .dword 1, 2, msg
 .text
far: ret
 .bss
 .space 4096
stack_top:
