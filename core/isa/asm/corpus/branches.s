# Lengths of branches: in reach of the compressed form, of the full form, and beyond.
near:
 beqz a0, near
 bnez s1, near
 beqz a7, near
 beq a0, a1, near
 j near
 jal near
 beqz a0, 1f
 bnez a7, 1f
 j 1f
 .space 100
1: nop
 beqz a0, 2f
 bne a0, zero, 2f
 beq zero, a0, 2f
 beqz a7, 2f
 j 2f
 .space 252
2: nop
 beqz a0, 3f
 .space 254
3: nop
 beqz a0, 4f
 .space 256
4: j near
 j 5f
 .space 2042
5: nop
 j 6f
 .space 2044
6: nop
 j 7f
 .space 2046
7: nop
 bltu a0, a1, 8f
 .space 4088
8: nop
 bltu a0, a1, 9f
 .space 4090
9: nop
 bltu a0, a1, 10f
 .space 4092
10: nop
 beqz a0, far
 bnez s1, far
 beqz a7, far
 bge a0, a1, far
 blt a0, a1, far
 bgeu a0, a1, far
 bgt a0, a1, far
 blez a0, far
 j far
 jal far
 jal t0, far
 c.j far
 c.beqz a0, far
 .insn b 0x63, 0, a0, a1, far
 .insn sb 0x63, 5, a0, a1, far
 .space 5000
far:
 beqz a0, near
 bnez t0, near
 bgtu a0, a1, near
 j near
 beqz a0, other
 bnez a6, other
 bltu a0, a1, other
 j other
 jal other
 .option push
 .option norvc
 beqz a0, near
 beqz a0, far
 j near
 j far
 .option pop
# Branches around alignments, which move each other.
11: beqz a0, 12f
 .balign 64
 beqz a0, 11b
 .space 180
12: bnez a0, 11b
 .balign 128
 beqz a0, 13f
 .space 120
 .balign 32
 beqz a0, 12b
 .space 100
13: j 11b
 .weak soft
soft: nop
 j soft
 beqz a0, soft
 .global firm
firm: nop
 j firm
 beqz a0, firm
 here = .
 beqz a0, here
 .equ there, firm + 2
 bnez a0, there
 beqz a0, firm - 2
 .set ahead, later
 .set ahead2, later + 2
 beqz a0, ahead
 beqz a0, ahead2
 j ahead
later: nop
 nop
 .set behind, later
 .set behind2, behind + 2
 .set again, ahead
 beqz a0, behind
 beqz a0, behind2
 beqz a0, again
 .section .text.other, "ax"
other: ret
 j near
 beqz a0, near
 bne a1, a2, far
