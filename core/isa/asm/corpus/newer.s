# Extensions that GNU as 2.40 does not know by name. Behind each line stands the encoding as the specification draws
# it, field by field, for .insn: opcode, funct3, funct7 (or the fixed half word), operands.
 czero.eqz a0, a1, a2 # .insn r 0x33, 5, 7, a0, a1, a2
 czero.nez t6, s0, zero # .insn r 0x33, 7, 7, t6, s0, zero
# Zihintntl
 ntl.p1 # .insn r 0x33, 0, 0, x0, x0, x2
 ntl.pall # .insn r 0x33, 0, 0, x0, x0, x3
 ntl.s1 # .insn r 0x33, 0, 0, x0, x0, x4
 ntl.all # .insn r 0x33, 0, 0, x0, x0, x5
 c.ntl.p1 # .insn cr 2, 9, x0, x2
 c.ntl.pall # .insn cr 2, 9, x0, x3
 c.ntl.s1 # .insn cr 2, 9, x0, x4
 c.ntl.all # .insn cr 2, 9, x0, x5
# Zimop: 1n00nn0111nn for mop.r.n, 1n00nn1 for mop.rr.n
 mop.r.0 a0, t0 # .insn i 0x73, 4, a0, t0, -2020
 mop.r.1 a1, t1 # .insn i 0x73, 4, a1, t1, -2019
 mop.r.2 a2, t2 # .insn i 0x73, 4, a2, t2, -2018
 mop.r.3 a3, t3 # .insn i 0x73, 4, a3, t3, -2017
 mop.r.4 a4, t4 # .insn i 0x73, 4, a4, t4, -1956
 mop.r.5 a5, t5 # .insn i 0x73, 4, a5, t5, -1955
 mop.r.6 a6, t6 # .insn i 0x73, 4, a6, t6, -1954
 mop.r.7 a7, t0 # .insn i 0x73, 4, a7, t0, -1953
 mop.r.8 a0, t1 # .insn i 0x73, 4, a0, t1, -1892
 mop.r.9 a1, t2 # .insn i 0x73, 4, a1, t2, -1891
 mop.r.10 a2, t3 # .insn i 0x73, 4, a2, t3, -1890
 mop.r.11 a3, t4 # .insn i 0x73, 4, a3, t4, -1889
 mop.r.12 a4, t5 # .insn i 0x73, 4, a4, t5, -1828
 mop.r.13 a5, t6 # .insn i 0x73, 4, a5, t6, -1827
 mop.r.14 a6, t0 # .insn i 0x73, 4, a6, t0, -1826
 mop.r.15 a7, t1 # .insn i 0x73, 4, a7, t1, -1825
 mop.r.16 a0, t2 # .insn i 0x73, 4, a0, t2, -996
 mop.r.17 a1, t3 # .insn i 0x73, 4, a1, t3, -995
 mop.r.18 a2, t4 # .insn i 0x73, 4, a2, t4, -994
 mop.r.19 a3, t5 # .insn i 0x73, 4, a3, t5, -993
 mop.r.20 a4, t6 # .insn i 0x73, 4, a4, t6, -932
 mop.r.21 a5, t0 # .insn i 0x73, 4, a5, t0, -931
 mop.r.22 a6, t1 # .insn i 0x73, 4, a6, t1, -930
 mop.r.23 a7, t2 # .insn i 0x73, 4, a7, t2, -929
 mop.r.24 a0, t3 # .insn i 0x73, 4, a0, t3, -868
 mop.r.25 a1, t4 # .insn i 0x73, 4, a1, t4, -867
 mop.r.26 a2, t5 # .insn i 0x73, 4, a2, t5, -866
 mop.r.27 a3, t6 # .insn i 0x73, 4, a3, t6, -865
 mop.r.28 a4, t0 # .insn i 0x73, 4, a4, t0, -804
 mop.r.29 a5, t1 # .insn i 0x73, 4, a5, t1, -803
 mop.r.30 a6, t2 # .insn i 0x73, 4, a6, t2, -802
 mop.r.31 a7, t3 # .insn i 0x73, 4, a7, t3, -801
 mop.rr.0 a0, t0, s0 # .insn r 0x73, 4, 65, a0, t0, s0
 mop.rr.1 a1, t1, s1 # .insn r 0x73, 4, 67, a1, t1, s1
 mop.rr.2 a2, t2, s2 # .insn r 0x73, 4, 69, a2, t2, s2
 mop.rr.3 a3, t3, s3 # .insn r 0x73, 4, 71, a3, t3, s3
 mop.rr.4 a4, t4, s4 # .insn r 0x73, 4, 97, a4, t4, s4
 mop.rr.5 a5, t5, s5 # .insn r 0x73, 4, 99, a5, t5, s5
 mop.rr.6 a6, t6, s6 # .insn r 0x73, 4, 101, a6, t6, s6
 mop.rr.7 a7, t0, s7 # .insn r 0x73, 4, 103, a7, t0, s7
# Zcmop: c.lui of an odd register with the constant 0, which GNU as does not write
 c.mop.1 # .insn ci 1, 3, x1, 0
 c.mop.3 # .insn ci 1, 3, x3, 0
 c.mop.5 # .insn ci 1, 3, x5, 0
 c.mop.7 # .insn ci 1, 3, x7, 0
 c.mop.9 # .insn ci 1, 3, x9, 0
 c.mop.11 # .insn ci 1, 3, x11, 0
 c.mop.13 # .insn ci 1, 3, x13, 0
 c.mop.15 # .insn ci 1, 3, x15, 0
# Zabha
 amoadd.b a0, a1, (a2) # .insn r 0x2f, 0, 0, a0, a2, a1
 amoadd.h.rl a0, a1, (a2) # .insn r 0x2f, 1, 1, a0, a2, a1
 amoswap.b.rl a0, a1, (a2) # .insn r 0x2f, 0, 5, a0, a2, a1
 amoswap.h.aq a0, a1, (a2) # .insn r 0x2f, 1, 6, a0, a2, a1
 amoxor.b.aq a0, a1, (a2) # .insn r 0x2f, 0, 18, a0, a2, a1
 amoxor.h.aqrl a0, a1, (a2) # .insn r 0x2f, 1, 19, a0, a2, a1
 amoor.b.aqrl a0, a1, (a2) # .insn r 0x2f, 0, 35, a0, a2, a1
 amoor.h a0, a1, (a2) # .insn r 0x2f, 1, 32, a0, a2, a1
 amoand.b a0, a1, (a2) # .insn r 0x2f, 0, 48, a0, a2, a1
 amoand.h.rl a0, a1, (a2) # .insn r 0x2f, 1, 49, a0, a2, a1
 amomin.b.rl a0, a1, (a2) # .insn r 0x2f, 0, 65, a0, a2, a1
 amomin.h.aq a0, a1, (a2) # .insn r 0x2f, 1, 66, a0, a2, a1
 amomax.b.aq a0, a1, (a2) # .insn r 0x2f, 0, 82, a0, a2, a1
 amomax.h.aqrl a0, a1, (a2) # .insn r 0x2f, 1, 83, a0, a2, a1
 amominu.b.aqrl a0, a1, (a2) # .insn r 0x2f, 0, 99, a0, a2, a1
 amominu.h a0, a1, (a2) # .insn r 0x2f, 1, 96, a0, a2, a1
 amomaxu.b a0, a1, (a2) # .insn r 0x2f, 0, 112, a0, a2, a1
 amomaxu.h.rl a0, a1, (a2) # .insn r 0x2f, 1, 113, a0, a2, a1
# Zcb: offsets of bytes are in bits 6 and 5 as 0|1, of halfwords in bit 5
 c.lbu a0, 0(a1) # .2byte 0x8188
 c.lbu a0, 1(a1) # .2byte 0x81c8
 c.lbu a0, 2(a1) # .2byte 0x81a8
 c.lbu s0, 3(s1) # .2byte 0x80e0
 c.lhu a0, 0(a1) # .2byte 0x8588
 c.lhu a0, 2(a1) # .2byte 0x85a8
 c.lh a0, 0(a1) # .2byte 0x85c8
 c.lh a5, 2(a4) # .2byte 0x877c
 c.sb a0, 0(a1) # .2byte 0x8988
 c.sb a0, 1(a1) # .2byte 0x89c8
 c.sb a0, 2(a1) # .2byte 0x89a8
 c.sh a0, 0(a1) # .2byte 0x8d88
 c.sh a0, 2(a1) # .2byte 0x8da8
 c.zext.b a0 # .insn ca 1, 0x27, 3, a0, s0
 c.sext.b a0 # .insn ca 1, 0x27, 3, a0, s1
 c.zext.h a0 # .insn ca 1, 0x27, 3, a0, a0
 c.sext.h a0 # .insn ca 1, 0x27, 3, a0, a1
 c.zext.w a0 # .insn ca 1, 0x27, 3, a0, a2
 c.not a0 # .insn ca 1, 0x27, 3, a0, a3
 c.mul a0, a1 # .insn ca 1, 0x27, 2, a0, a1
# and what is written in full becomes one of them
 lbu a0, 3(a1) # .2byte 0x81e8
 sh a0, 2(a1) # .2byte 0x8da8
 zext.b a0, a0 # .2byte 0x9d61
 sext.b a0, a0 # .2byte 0x9d65
 zext.h a0, a0 # .2byte 0x9d69
 sext.h a0, a0 # .2byte 0x9d6d
 zext.w a0, a0 # .2byte 0x9d71
 not a0, a0 # .2byte 0x9d75
 mul a0, a0, a1 # .2byte 0x9d4d
 mul a0, a1, a0 # .2byte 0x9d4d
