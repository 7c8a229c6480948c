# Every directive that GNU as has as well.
 .file "directives.s"
 .file 1 "directives.s"
 .loc 1 3 0
 .ident "none"
 .attribute arch, "rv64imac"
 .option push
 .option pop
 .option nopic
 .option norelax
 .option arch, -c
 nop
 .option arch, +c
 nop
 .option norvc
 nop
 .option rvc
 nop
 .text
 .globl f, g
 .global f
 .local h
 .weak w
 .hidden f
 .protected g
 .internal g
 .type f, @function
 .type g, %function
 .type h, STT_OBJECT
 .type w, "function"
 .cfi_startproc
 .cfi_def_cfa_offset 16
f: nop
 .cfi_endproc
 .size f, . - f
g: nop
h: nop
w: nop
 .byte 1, -1, 255, 'a, 'b', '\n', '\\', '\''
 .half 1, -1, 0xffff
 .hword 2
 .short 3
 .2byte 4
 .word 5, -5, 0xffffffff
 .long 6
 .int 7
 .4byte 8
 .dword 9, -9, 0xffffffffffffffff, f, g - f
 .quad 10, undefined_weak
 .8byte 11
 .weak undefined_weak
 .byte g - f
 .half h - f
 .word h - f, f - h
 .uleb128 0
 .uleb128 127
 .uleb128 128
 .uleb128 0x123456789
 .sleb128 63
 .sleb128 64
 .sleb128 -64
 .sleb128 -65
 .sleb128 -0x123456789
 .float 1.5, -2.25, 1e10
 .single 0.1
 .double 3.25e10, 0.1, -1
 .ascii "\b\f\n\r\t\v\"\\\101\x41\x123\1234", "é"
 .asciz "a", "b"
 .string "c", "d;e#f/*g*/"
 .zero 2
 .skip 3, 7
 .space 2, 1
 .space 4
 .fill 3
 .fill 2, 4, 0x12345678
 .fill 2, 8, -1
 .fill 2, 3, -2
 .fill 2, 2, 0x12345
 .fill 2, 0, 1
 .align 2
 .byte 1
 .align 3
 .byte 1
 .p2align 4
 nop
 .p2align 4, , 3
 .p2align 4, 0xff
 .byte 1
 .balign 8, 1
 nop
 .balign 16, , 20
 .byte 1
 .balign 2
 .align 0
 .balign 0
 .org 0x300
 .byte 1
 .org 0x310, 5
 . = 0x318
 .byte 2
 .org f + 0x320
 .equ one, 1
 .set two, one + 1
 .equiv three, two + one
 four = three + 1
 .byte one, two, three, four, later
 .set two, 22
 .byte two
 later = 99
 .data
 .word 1, f
 .byte 1
 .align 4
 .byte 2
 .section .rodata
 .string "read only"
 .section .rodata.str, "a", @progbits
 .byte 1
 .section .sdata, "aw"
 .byte 1, 2, 3
 .section .mine, "aw", @progbits
 .balign 32
 .dword f
 .section .zeroed, "aw", @nobits
 .space 100
 .section .sbss, "aw", @nobits
 .zero 3
 .bss
 .space 5
 .align 3
 .space 3
 .lcomm lone, 3
 .lcomm ltwo, 8
 .lcomm lthree, 16
 .comm ctwo, 5, 16
 .pushsection .data
 .word 3
 .pushsection .rodata
 .word 4
 .popsection
 .word 5
 .popsection
 .space 1
 .text
 .data
 .previous
 nop
 .section .text
 .insn r 0x33, 0, 0, a0, a1, a2
 .insn r OP, 7, 0x20, a0, a1, a2
 .insn r4 MADD, 0, 1, a0, a1, a2, a3
 .insn r 0x43, 0, 0, a0, a1, a2, a3
 .insn i 0x13, 0, a0, a1, 5
 .insn i CUSTOM_0, 0, a0, a1, -5
 .insn i LOAD, 3, a0, 8(a1)
 .insn s STORE, 3, a0, -8(a1)
 .insn b BRANCH, 0, a0, a1, .+8
 .insn sb 0x63, 1, a0, a1, .+8
 .insn u LUI, a0, 0xfffff
 .insn j JAL, a0, .+8
 .insn uj 0x6f, a0, .-8
 .insn cr C2, 8, a0, a1
 .insn ci C1, 2, a0, -5
 .insn ciw 0, 0, a0, 4
 .insn css 2, 7, a0, 8
 .insn ca C1, 0x23, 0, a0, a1
 .insn cl C0, 2, a0, 4(a1)
 .insn cs 0, 6, a0, 31(a1)
 .insn cb 1, 6, a0, .+8
 .insn cj 1, 5, .+8
 .insn 0x13
 .insn 4, 0x13
 .insn 2, 1
 .insn 0x0001
 .insn r SYSTEM, 0, 0, x0, x0, x0
 .insn r AMO, 0, 0, x0, x0, x0
 .insn r OP_32, 0, 0, x0, x0, x0
 .insn i OP_IMM, 0, x0, x0, 0
 .insn i OP_IMM_32, 0, x0, x0, 0
 .insn i JALR, 0, x0, x0, 0
 .insn i MISC_MEM, 0, x0, x0, 0
 .insn u AUIPC, x0, 0
 .insn i CUSTOM_1, 0, x0, x0, 0
 .insn i CUSTOM_2, 0, x0, x0, 0
 .insn i CUSTOM_3, 0, x0, x0, 0
 .end
 this is not read
 .uleb128 6f - 5f
5: nop
6: nop
