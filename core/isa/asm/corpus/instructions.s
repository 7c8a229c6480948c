# Every mnemonic of the table, each in the ways it can be written.
 lui a0, 0x12345
 lui t6, 0xfffff
 auipc a0, 0
 auipc s11, 0xfffff
 jal ra, .+4
 jal zero, .-4
 jal .+8
 j .-2
 jalr ra, 4(a0)
 jalr zero, -2048(t0)
 jalr a0
 jalr 8(a0)
 jalr a0, 8
 jalr t0, a1
 jalr t0, a1, 2047
 jr a0
 jr 4(a0)
 jr a0, -4
 ret
 beq a0, a1, .+4
 bne a0, a1, .-4
 blt a0, a1, .+8
 bge a0, a1, .-8
 bltu a0, a1, .+2048
 bgeu a0, a1, .-2048
 bgt a0, a1, .+4
 ble a0, a1, .+4
 bgtu a0, a1, .+4
 bleu a0, a1, .+4
 beqz t3, .+4
 bnez t3, .+4
 blez a0, .+4
 bgez a0, .+4
 bltz a0, .+4
 bgtz a0, .+4
 lb a0, 0(a1)
 lh a0, 2(a1)
 lw t3, 4(t4)
 ld t3, 8(t4)
 lbu a0, -1(a1)
 lhu a0, -2(a1)
 lwu a0, 2047(a1)
 sb a0, 0(a1)
 sh a0, 2(a1)
 sw t3, 4(t4)
 sd t3, -2048(t4)
 addi t3, t4, 100
 slti a0, a1, -1
 sltiu a0, a1, -1
 xori a0, a1, 0x7ff
 ori a0, a1, -2048
 andi t3, t4, 255
 slli t3, t4, 63
 srli t3, t4, 1
 srai t3, t4, 32
 add t3, t4, t5
 sub t3, t4, t5
 sll a0, a1, a2
 slt a0, a1, a2
 sltu a0, a1, a2
 xor t3, t4, t5
 srl a0, a1, a2
 sra a0, a1, a2
 or t3, t4, t5
 and t3, t4, t5
 addiw t3, t4, -5
 slliw a0, a1, 31
 srliw a0, a1, 0
 sraiw a0, a1, 15
 addw t3, t4, t5
 subw t3, t4, t5
 sllw a0, a1, a2
 srlw a0, a1, a2
 sraw a0, a1, a2
 add a0, a1, 7
 slt a0, a1, 7
 sltu a0, a1, 7
 xor a0, a1, 7
 or a0, a1, 7
 and a0, a1, 7
 addw a0, a1, 7
 sll a0, a1, 7
 srl a0, a1, 7
 sra a0, a1, 7
 sllw a0, a1, 7
 srlw a0, a1, 7
 sraw a0, a1, 7
 nop
 mv t3, t4
 move t3, t4
 not a0, a1
 neg a0, a1
 negw a0, a1
 sext.w t3, t4
 zext.b a0, a1
 seqz a0, a1
 snez a0, a1
 sltz a0, a1
 sgtz a0, a1
 sgt a0, a1, a2
 sgtu a0, a1, a2
 fence
 fence r, w
 fence iorw, o
 fence io, rw
 fence.tso
 fence.i
 ecall
 scall
 ebreak
 sbreak
 pause
 sret
 wfi
 sfence.vma
 sfence.vma a0
 sfence.vma a0, a1
 unimp
 mul a0, a1, a2
 mulh a0, a1, a2
 mulhsu a0, a1, a2
 mulhu a0, a1, a2
 div a0, a1, a2
 divu a0, a1, a2
 rem a0, a1, a2
 remu a0, a1, a2
 mulw a0, a1, a2
 divw a0, a1, a2
 divuw a0, a1, a2
 remw a0, a1, a2
 remuw a0, a1, a2
 lr.w a0, (a1)
 lr.w.aq a0, (a1)
 lr.d.aqrl a0, 0(a1)
 lr.d a0, (a1)
 sc.w a0, a2, (a1)
 sc.d a0, a2, (a1)
 sc.w.rl a0, a2, (a1)
 amoadd.w a0, a2, (a1)
 amoadd.d a0, a2, (a1)
 amoswap.w a0, a2, (a1)
 amoswap.d.aq a0, a2, (a1)
 amoxor.w a0, a2, (a1)
 amoxor.d a0, a2, (a1)
 amoor.w a0, a2, (a1)
 amoor.d.rl a0, a2, (a1)
 amoand.w a0, a2, (a1)
 amoand.d a0, a2, (a1)
 amomin.w a0, a2, (a1)
 amomin.d a0, a2, (a1)
 amomax.w a0, a2, (a1)
 amomax.d.aqrl a0, a2, (a1)
 amominu.w a0, a2, (a1)
 amominu.d a0, a2, (a1)
 amomaxu.w a0, a2, (a1)
 amomaxu.d a0, a2, (a1)
 csrrw a0, sscratch, a1
 csrrs a0, sstatus, a1
 csrrc a0, 0x100, a1
 csrrwi a0, sscratch, 31
 csrrsi a0, sstatus, 2
 csrrci a0, sstatus, 2
 csrrw a0, sscratch, 5
 csrrs a0, sstatus, 5
 csrrc a0, sstatus, 5
 csrr a0, satp
 csrw satp, a0
 csrs sie, a0
 csrc sie, a0
 csrwi sscratch, 0
 csrsi sstatus, 2
 csrci sstatus, 2
 csrw sscratch, 3
 csrs sstatus, 3
 csrc sstatus, 3
 rdcycle a0
 rdtime a0
 rdinstret a0
 li a0, 5
 c.lwsp a0, 4(sp)
 c.ldsp ra, 504(sp)
 c.swsp a0, 252(sp)
 c.sdsp zero, 0(sp)
 c.lw a0, 4(a1)
 c.ld s0, 248(s1)
 c.sw a0, 124(a1)
 c.sd a0, 8(a5)
 c.j .-2048
 c.beqz a0, .+254
 c.bnez s1, .-256
 c.jr ra
 c.jalr t6
 c.ebreak
 c.nop
 c.nop 3
 c.addi a0, -32
 c.addiw a0, 0
 c.li t6, 31
 c.addi16sp sp, -512
 c.addi16sp sp, 496
 c.addi4spn a0, sp, 1020
 c.lui a0, 1
 c.lui t6, 0xfffe0
 c.slli t6, 63
 c.srli a0, 1
 c.srai a0, 63
 c.andi s1, -32
 c.mv t6, t5
 c.add t6, t5
 c.sub a0, a1
 c.xor a0, a1
 c.or a0, a1
 c.and a0, a1
 c.subw a0, a1
 c.addw a0, a1
 c.unimp
 c.slli64 a0
 c.srli64 a0
 c.srai64 s0
# The same without compression.
 .option push
 .option norvc
 nop
 mv a0, a1
 li a0, 1
 addi sp, sp, -16
 sd ra, 8(sp)
 ld ra, 8(sp)
 add a0, a0, a1
 beqz a0, .+8
 j .-4
 jr ra
 ret
 ebreak
 unimp
 .option pop
 addi sp, sp, -16
 sd ra, 8(sp)
# Register names.
 add x0, x1, x2
 add x3, x4, x5
 add x6, x7, x8
 add x9, x10, x11
 add x12, x13, x14
 add x15, x16, x17
 add x18, x19, x20
 add x21, x22, x23
 add x24, x25, x26
 add x27, x28, x29
 add x30, x31, fp
 add zero, ra, sp
 add gp, tp, t0
 add t1, t2, s0
 add s1, a0, a1
 add a2, a3, a4
 add a5, a6, a7
 add s2, s3, s4
 add s5, s6, s7
 add s8, s9, s10
 add s11, t3, t4
 add t5, t6, s0
