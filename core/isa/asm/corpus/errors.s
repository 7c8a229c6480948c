# Each line has a mistake; what is said about it is in errors.golden.
 adi a0, a0, 1
 addi a0, a0
 addi a0, a0, 1, 2
 addi a0, a0, 2048
 addi a0, a8, 1
 addi a0, x32, 1
 addi a0, 5, a1
 add a0, a1, a
 slli a0, a0, 64
 slliw a0, a0, 32
 lui a0, 0x100000
 lui a0, -1
 lw a0, a1
 lw a0, 4[sp]
 lw a0, 4(sp
 sw a0, undefined_symbol
 lw a0, 5000(sp)
 j nowhere
 beqz a0, nowher
 la a0, 
 li a0
 li a0, somewhere
 li a0, 0x10000000000000000
 li a0, 09
 li a0, 1x
 csrr a0, sstatsu
 csrr a0, 0x1000
 csrw sstatus, 32
 csrwi sstatus, a0
 fence rq, w
 fence wr, w
 amoadd.w a0, a1, 4(a2)
 amoadd.w a0, a1, a2
 amoadd.w.qa a0, a1, (a2)
 add.aq a0, a1, a2
 c.addi a0, 32
 c.lw t0, 0(a0)
 c.lw a0, 3(a1)
 c.lui a0, 0
 c.addi16sp a0, 16
 fadd.q fa0, fa1, fa2
 .wrod 1
 .byte 256
 .half 0x12345
 .byte message
 .byte 1 2
 .byte 1 +
 .byte (1
 .byte 1/0
 .byte one * two * message
 .ascii "open
 .ascii 5
 .ascii "\q"
 .align 40
 .balign 3
 .skip -1
 .skip message
 .org
 .equ
 .equ one, 1
 .equiv one, 2
message: nop
message: nop
 1x: nop
 j 7b
 j 8f
 .if
 .endif
 .endif
 .else
 .endm
 .endr
 .macro
 .endm
 .macro two_args first, second:req
 .byte \first, \second, \third
 .endm
 two_args
 two_args 1, 2
 two_args 1, 2, 3
 .include "other.s"
 .incbin "other.bin"
 .option rcv
 .option pop
 .option arch, +zzz
 .option arch, rv64gc
 .insn q 1, 2
 .insn r OPP, 0, 0, a0, a1, a2
 .insn 0x12345678
 .insn r 0x32, 0, 0, a0, a1, a2
 addi a0, a0, %hi(message)
 lui a0, %lo(message)
 addi a0, a0, %pcrel_lo(message)
 addi a0, a0, %got(message)
 addi a0, a0, message
 lui a0, %hi(message)
 .error "stop here"
 .warning "careful"
 .err
 @ comment
 \macro
 "text"
 .section
 .section .odd
 .bss
 .word 5
 nop
 .text
 loop = loop + 1
 .dword loop
 .popsection
 .rept
 .endr
 .rept -1
 .endr
 .type message, @thing
 .set x y
 wfi 5
 .exitm
 .purgem nothing
 .if 1
