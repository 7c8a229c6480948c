# As compilers and kernels write it.
	.file	"main.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_c2p0"
	.attribute unaligned_access, 0
	.text
	.align	1
	.globl	main
	.type	main, @function
main:
.LFB0:
	.cfi_startproc
	addi	sp,sp,-32
	.cfi_def_cfa_offset 32
	sd	ra,24(sp)
	sd	s0,16(sp)
	addi	s0,sp,32
	sw	zero,-20(s0)
	lui	a5,%hi(0x1000)
	sd	a0,%lo(0x1000)(a5)
	lla	a5,.LC0
	mv	a0,a5
	call	puts@plt
	li	a5,0
	nop
	ld	ra,24(sp)
	jr	ra
	.cfi_endproc
.LFE0:
	.size	main, .-main
	.align	1
puts:
	ret
	.section	.rodata
	.align	3
.LC0:
	.string	"Hello"
	.section	.rodata.cst8,"aM",@progbits,8
	.dword 1
	.section	.text.startup,"ax",@progbits
	nop
	.section .init
	nop
	.section .data.rel.ro,"aw"
	.dword main
	.bss
	.type	buf, @object
	.size	buf, 16
buf:
	.zero	16
	.text
	ret ; ret
.Lx: .word .Lx-main
	.ident	"GCC: (Debian) 12"
	.section	.note.GNU-stack,"",@progbits
	.text
    .equ SBI_EXT_DBCN, 0x4442434E
    li a7, SBI_EXT_DBCN
    li a6, 'A'+1
    la a1, msg_end - 0
msg: .ascii "x"
    .byte 0x80, ~0, -(3), !1
msg_end:
 sd a0, 8*2(sp)
 addi sp, sp, -(8 * 4)
 ld a0, +8(sp)
 sd a1, -8 + 16(sp)
 li t0, ~0xfff
 li t0, -(1<<31)
 .balign 4, 0
 .p2align 3,,7
