# Extensions that are off unless asked for, each mnemonic in the ways it can be written.
# Zba
 add.uw a0, a1, a2
 zext.w a0, a1
 sh1add a0, a1, a2
 sh2add t3, t4, t5
 sh3add s0, s1, s2
 sh1add.uw a0, a1, a2
 sh2add.uw a0, a1, zero
 sh3add.uw a0, zero, a2
 slli.uw a0, a1, 0
 slli.uw a0, a1, 63
# Zbb
 andn a0, a1, a2
 orn a0, a1, a2
 xnor a0, a1, a2
 clz a0, a1
 clzw a0, a1
 ctz a0, a1
 ctzw a0, a1
 cpop a0, a1
 cpopw a0, a1
 max a0, a1, a2
 maxu a0, a1, a2
 min a0, a1, a2
 minu a0, a1, a2
 sext.b a0, a1
 sext.h a0, a0
 zext.h a0, a1
 rol a0, a1, a2
 rolw a0, a1, a2
 ror a0, a1, a2
 rorw a0, a1, a2
 rori a0, a1, 63
 ror a0, a1, 1
 roriw a0, a1, 31
 rorw a0, a1, 1
 orc.b a0, a1
 rev8 a0, a1
# Zbs
 bclr a0, a1, a2
 bclri a0, a1, 63
 bclr a0, a1, 1
 bext a0, a1, a2
 bexti a0, a1, 32
 bext a0, a1, 0
 binv a0, a1, a2
 binvi a0, a1, 5
 binv a0, a1, 6
 bset a0, a1, a2
 bseti a0, a1, 31
 bset a0, a1, 7
# Zbc
 clmul a0, a1, a2
 clmulh a0, a1, a2
 clmulr a0, a1, a2
# Zbkb
 pack a0, a1, a2
 packh a0, a1, a2
 packw a0, a1, a2
 brev8 a0, a1
# Zbkx
 xperm4 a0, a1, a2
 xperm8 a0, a1, a2
# Zawrs
 wrs.nto
 wrs.sto
# Zknh
 sha256sig0 a0, a1
 sha256sig1 a0, a1
 sha256sum0 a0, a1
 sha256sum1 a0, a1
 sha512sig0 a0, a1
 sha512sig1 a0, a1
 sha512sum0 a0, a1
 sha512sum1 a0, a1
# Zksh
 sm3p0 a0, a1
 sm3p1 t5, t6
# Zknd, Zkne
 aes64ds a0, a1, a2
 aes64dsm a0, a1, a2
 aes64im a0, a1
 aes64es a0, a1, a2
 aes64esm a0, a1, a2
 aes64ks1i a0, a1, 0
 aes64ks1i a0, a1, 10
 aes64ks2 a0, a1, a2
# Zksed
 sm4ed a0, a1, a2, 0
 sm4ed a0, a1, a2, 3
 sm4ks a0, a1, a2, 2
# Svinval
 sinval.vma zero, zero
 sinval.vma a0, a1
 sfence.w.inval
 sfence.inval.ir
# F
 fadd.s fa0, fa1, fa2
 fadd.s ft0, fs1, ft11, rtz
 fsub.s fa0, fa1, fa2
 fsub.s ft0, fs1, ft11, rtz
 fmul.s fa0, fa1, fa2
 fmul.s ft0, fs1, ft11, rtz
 fdiv.s fa0, fa1, fa2
 fdiv.s ft0, fs1, ft11, rtz
 fsqrt.s fa0, fa1
 fsqrt.s fa0, fa1, rup
 fmadd.s fa0, fa1, fa2, fa3
 fmadd.s fa0, fa1, fa2, fs11, rdn
 fmsub.s fa0, fa1, fa2, fa3
 fmsub.s fa0, fa1, fa2, fs11, rdn
 fnmsub.s fa0, fa1, fa2, fa3
 fnmsub.s fa0, fa1, fa2, fs11, rdn
 fnmadd.s fa0, fa1, fa2, fa3
 fnmadd.s fa0, fa1, fa2, fs11, rdn
 fsgnj.s fa0, fa1, fa2
 fsgnjn.s fa0, fa1, fa2
 fsgnjx.s fa0, fa1, fa2
 fmin.s fa0, fa1, fa2
 fmax.s fa0, fa1, fa2
 fmv.s fa0, fa1
 fneg.s fa0, fa1
 fabs.s fa0, fa1
 feq.s a0, fa1, fa2
 flt.s a0, fa1, fa2
 fle.s a0, fa1, fa2
 fgt.s a0, fa1, fa2
 fge.s a0, fa1, fa2
 fclass.s a0, fa1
 fcvt.w.s a0, fa1
 fcvt.w.s a0, fa1, rtz
 fcvt.s.w fa0, a1
 fcvt.s.w fa0, a1, rmm
 fcvt.wu.s a0, fa1
 fcvt.wu.s a0, fa1, rtz
 fcvt.s.wu fa0, a1
 fcvt.s.wu fa0, a1, rmm
 fcvt.l.s a0, fa1
 fcvt.l.s a0, fa1, rtz
 fcvt.s.l fa0, a1
 fcvt.s.l fa0, a1, rmm
 fcvt.lu.s a0, fa1
 fcvt.lu.s a0, fa1, rtz
 fcvt.s.lu fa0, a1
 fcvt.s.lu fa0, a1, rmm
 fmv.x.w a0, fa1
 fmv.w.x fa0, a1
 flw fa0, 8(a0)
 fsw fa0, 8(a0)
 flw ft0, -4(t0)
 fsw ft0, -4(t0)
 flw fa0, (sp)
 fmv.x.s a0, fa1
 fmv.s.x fa0, a1
 frcsr a0
 fscsr a0
 fscsr a0, a1
 frsr a0
 fssr a0
 fssr a0, a1
 frrm a0
 fsrm a0
 fsrm a0, a1
 fsrmi 2
 fsrmi a0, 2
 frflags a0
 fsflags a0
 fsflags a0, a1
 fsflagsi 31
 fsflagsi a0, 31
# D
 fadd.d fa0, fa1, fa2
 fadd.d ft0, fs1, ft11, rtz
 fsub.d fa0, fa1, fa2
 fsub.d ft0, fs1, ft11, rtz
 fmul.d fa0, fa1, fa2
 fmul.d ft0, fs1, ft11, rtz
 fdiv.d fa0, fa1, fa2
 fdiv.d ft0, fs1, ft11, rtz
 fsqrt.d fa0, fa1
 fsqrt.d fa0, fa1, rup
 fmadd.d fa0, fa1, fa2, fa3
 fmadd.d fa0, fa1, fa2, fs11, rdn
 fmsub.d fa0, fa1, fa2, fa3
 fmsub.d fa0, fa1, fa2, fs11, rdn
 fnmsub.d fa0, fa1, fa2, fa3
 fnmsub.d fa0, fa1, fa2, fs11, rdn
 fnmadd.d fa0, fa1, fa2, fa3
 fnmadd.d fa0, fa1, fa2, fs11, rdn
 fsgnj.d fa0, fa1, fa2
 fsgnjn.d fa0, fa1, fa2
 fsgnjx.d fa0, fa1, fa2
 fmin.d fa0, fa1, fa2
 fmax.d fa0, fa1, fa2
 fmv.d fa0, fa1
 fneg.d fa0, fa1
 fabs.d fa0, fa1
 feq.d a0, fa1, fa2
 flt.d a0, fa1, fa2
 fle.d a0, fa1, fa2
 fgt.d a0, fa1, fa2
 fge.d a0, fa1, fa2
 fclass.d a0, fa1
 fcvt.w.d a0, fa1
 fcvt.w.d a0, fa1, rtz
 fcvt.d.w fa0, a1
 fcvt.wu.d a0, fa1
 fcvt.wu.d a0, fa1, rtz
 fcvt.d.wu fa0, a1
 fcvt.l.d a0, fa1
 fcvt.l.d a0, fa1, rtz
 fcvt.d.l fa0, a1
 fcvt.d.l fa0, a1, rmm
 fcvt.lu.d a0, fa1
 fcvt.lu.d a0, fa1, rtz
 fcvt.d.lu fa0, a1
 fcvt.d.lu fa0, a1, rmm
 fmv.x.d a0, fa1
 fmv.d.x fa0, a1
 fld fa0, 8(a0)
 fsd fa0, 8(a0)
 fld ft0, -4(t0)
 fsd ft0, -4(t0)
 fld fa0, (sp)
 fcvt.s.d fa0, fa1
 fcvt.s.d fa0, fa1, rmm
 fcvt.d.s fa0, fa1
# Zcd
 c.fld fa0, 8(a0)
 c.fsd fa0, 248(a5)
 c.fldsp ft0, 504(sp)
 c.fsdsp ft0, 0(sp)
 fld fs0, 24(s0)
 fsd fa5, 504(sp)
 fld fa5, 512(sp)
# Zicond
 czero.eqz a0, a1, a2
 czero.nez t6, s0, zero
# Zihintntl
 ntl.p1
 ntl.pall
 ntl.s1
 ntl.all
 c.ntl.p1
 c.ntl.pall
 c.ntl.s1
 c.ntl.all
# Zimop: 1n00nn0111nn for mop.r.n, 1n00nn1 for mop.rr.n
 mop.r.0 a0, t0
 mop.r.1 a1, t1
 mop.r.2 a2, t2
 mop.r.3 a3, t3
 mop.r.4 a4, t4
 mop.r.5 a5, t5
 mop.r.6 a6, t6
 mop.r.7 a7, t0
 mop.r.8 a0, t1
 mop.r.9 a1, t2
 mop.r.10 a2, t3
 mop.r.11 a3, t4
 mop.r.12 a4, t5
 mop.r.13 a5, t6
 mop.r.14 a6, t0
 mop.r.15 a7, t1
 mop.r.16 a0, t2
 mop.r.17 a1, t3
 mop.r.18 a2, t4
 mop.r.19 a3, t5
 mop.r.20 a4, t6
 mop.r.21 a5, t0
 mop.r.22 a6, t1
 mop.r.23 a7, t2
 mop.r.24 a0, t3
 mop.r.25 a1, t4
 mop.r.26 a2, t5
 mop.r.27 a3, t6
 mop.r.28 a4, t0
 mop.r.29 a5, t1
 mop.r.30 a6, t2
 mop.r.31 a7, t3
 mop.rr.0 a0, t0, s0
 mop.rr.1 a1, t1, s1
 mop.rr.2 a2, t2, s2
 mop.rr.3 a3, t3, s3
 mop.rr.4 a4, t4, s4
 mop.rr.5 a5, t5, s5
 mop.rr.6 a6, t6, s6
 mop.rr.7 a7, t0, s7
# Zcmop: c.lui of an odd register with the constant 0, which GNU as does not write
 c.mop.1
 c.mop.3
 c.mop.5
 c.mop.7
 c.mop.9
 c.mop.11
 c.mop.13
 c.mop.15
# Zabha
 amoadd.b a0, a1, (a2)
 amoadd.h.rl a0, a1, (a2)
 amoswap.b.rl a0, a1, (a2)
 amoswap.h.aq a0, a1, (a2)
 amoxor.b.aq a0, a1, (a2)
 amoxor.h.aqrl a0, a1, (a2)
 amoor.b.aqrl a0, a1, (a2)
 amoor.h a0, a1, (a2)
 amoand.b a0, a1, (a2)
 amoand.h.rl a0, a1, (a2)
 amomin.b.rl a0, a1, (a2)
 amomin.h.aq a0, a1, (a2)
 amomax.b.aq a0, a1, (a2)
 amomax.h.aqrl a0, a1, (a2)
 amominu.b.aqrl a0, a1, (a2)
 amominu.h a0, a1, (a2)
 amomaxu.b a0, a1, (a2)
 amomaxu.h.rl a0, a1, (a2)
# Zacas
 amocas.w a0, a1, (a2)
 amocas.w.aqrl t0, zero, (sp)
 amocas.d a0, a1, (a2)
 amocas.d.rl zero, a1, 0(a2)
 amocas.q a0, a2, (a4)
 amocas.q.aq zero, t5, (t6)
 amocas.b a0, a1, (a2)
 amocas.h.aq a0, a1, (a2)
# Zicbom, Zicboz, Zicbop
 cbo.clean (a0)
 cbo.clean 0(a0)
 cbo.flush (t6)
 cbo.inval (sp)
 cbo.zero (a5)
 prefetch.i 0(a0)
 prefetch.r -2048(a1)
 prefetch.w 2016(s0)
# Zcb: offsets of bytes are in bits 6 and 5 as 0|1, of halfwords in bit 5
 c.lbu a0, 0(a1)
 c.lbu a0, 1(a1)
 c.lbu a0, 2(a1)
 c.lbu s0, 3(s1)
 c.lhu a0, 0(a1)
 c.lhu a0, 2(a1)
 c.lh a0, 0(a1)
 c.lh a5, 2(a4)
 c.sb a0, 0(a1)
 c.sb a0, 1(a1)
 c.sb a0, 2(a1)
 c.sh a0, 0(a1)
 c.sh a0, 2(a1)
 c.zext.b a0
 c.sext.b a0
 c.zext.h a0
 c.sext.h a0
 c.zext.w a0
 c.not a0
 c.mul a0, a1
# and what is written in full becomes one of them where GNU as has it so
 lbu a0, 3(a1)
 sh a0, 2(a1)
 zext.b a0, a0
 andi a0, a0, 255
 sext.b a0, a0
 zext.h a0, a0
 sext.h a0, a0
 zext.w a0, a0
 add.uw a0, a0, zero
 not a0, a0
 xori a0, a0, -1
 mul a0, a0, a1
 mul a0, a1, a0
# Zfhmin
 flh fa0, 8(a0)
 fsh fa0, -8(a0)
 fmv.x.h a0, fa1
 fmv.h.x fa0, a1
 fcvt.s.h fa0, fa1
 fcvt.h.s fa0, fa1
 fcvt.h.s fa0, fa1, rdn
 fcvt.d.h fa0, fa1
 fcvt.h.d fa0, fa1
 fcvt.h.d fa0, fa1, rmm
# Zfh
 fadd.h fa0, fa1, fa2
 fadd.h ft0, fs1, ft11, rtz
 fsub.h fa0, fa1, fa2
 fsub.h ft0, fs1, ft11, rtz
 fmul.h fa0, fa1, fa2
 fmul.h ft0, fs1, ft11, rtz
 fdiv.h fa0, fa1, fa2
 fdiv.h ft0, fs1, ft11, rtz
 fsqrt.h fa0, fa1
 fsqrt.h fa0, fa1, rup
 fmadd.h fa0, fa1, fa2, fa3
 fmadd.h fa0, fa1, fa2, fs11, rdn
 fmsub.h fa0, fa1, fa2, fa3
 fmsub.h fa0, fa1, fa2, fs11, rdn
 fnmsub.h fa0, fa1, fa2, fa3
 fnmsub.h fa0, fa1, fa2, fs11, rdn
 fnmadd.h fa0, fa1, fa2, fa3
 fnmadd.h fa0, fa1, fa2, fs11, rdn
 fsgnj.h fa0, fa1, fa2
 fsgnjn.h fa0, fa1, fa2
 fsgnjx.h fa0, fa1, fa2
 fmin.h fa0, fa1, fa2
 fmax.h fa0, fa1, fa2
 fmv.h fa0, fa1
 fneg.h fa0, fa1
 fabs.h fa0, fa1
 feq.h a0, fa1, fa2
 flt.h a0, fa1, fa2
 fle.h a0, fa1, fa2
 fgt.h a0, fa1, fa2
 fge.h a0, fa1, fa2
 fclass.h a0, fa1
 fcvt.w.h a0, fa1
 fcvt.w.h a0, fa1, rtz
 fcvt.h.w fa0, a1
 fcvt.h.w fa0, a1, rmm
 fcvt.wu.h a0, fa1
 fcvt.wu.h a0, fa1, rtz
 fcvt.h.wu fa0, a1
 fcvt.h.wu fa0, a1, rmm
 fcvt.l.h a0, fa1
 fcvt.l.h a0, fa1, rtz
 fcvt.h.l fa0, a1
 fcvt.h.l fa0, a1, rmm
 fcvt.lu.h a0, fa1
 fcvt.lu.h a0, fa1, rtz
 fcvt.h.lu fa0, a1
 fcvt.h.lu fa0, a1, rmm
# Zfa
 fminm.s fa0, fa1, fa2
 fmaxm.s fa0, fa1, fa2
 fround.s fa0, fa1
 fround.s fa0, fa1, rtz
 froundnx.s fa0, fa1
 froundnx.s fa0, fa1, rtz
 fleq.s a0, fa1, fa2
 fltq.s a0, fa1, fa2
 fli.s fa0, -1.0
 fli.s fa0, min
 fli.s fa0, 0.0000152587890625
 fli.s fa0, 0.000030517578125
 fli.s fa0, 0.00390625
 fli.s fa0, 0.0078125
 fli.s fa0, 0.0625
 fli.s fa0, 0.125
 fli.s fa0, 0.25
 fli.s fa0, 0.3125
 fli.s fa0, 0.375
 fli.s fa0, 0.4375
 fli.s fa0, 0.5
 fli.s fa0, 0.625
 fli.s fa0, 0.75
 fli.s fa0, 0.875
 fli.s fa0, 1.0
 fli.s fa0, 1.25
 fli.s fa0, 1.5
 fli.s fa0, 1.75
 fli.s fa0, 2
 fli.s fa0, 2.5
 fli.s fa0, 3
 fli.s fa0, 4.0
 fli.s fa0, 8.0
 fli.s fa0, 16.0
 fli.s fa0, 128.0
 fli.s fa0, 256
 fli.s fa0, 32768.0
 fli.s fa0, 65536.0
 fli.s fa0, inf
 fli.s fa0, nan
 fminm.h fa0, fa1, fa2
 fmaxm.h fa0, fa1, fa2
 fround.h fa0, fa1
 fround.h fa0, fa1, rtz
 froundnx.h fa0, fa1
 froundnx.h fa0, fa1, rtz
 fleq.h a0, fa1, fa2
 fltq.h a0, fa1, fa2
 fli.h fa0, -1.0
 fli.h fa0, min
 fli.h fa0, 0.0000152587890625
 fli.h fa0, 0.000030517578125
 fli.h fa0, 0.00390625
 fli.h fa0, 0.0078125
 fli.h fa0, 0.0625
 fli.h fa0, 0.125
 fli.h fa0, 0.25
 fli.h fa0, 0.3125
 fli.h fa0, 0.375
 fli.h fa0, 0.4375
 fli.h fa0, 0.5
 fli.h fa0, 0.625
 fli.h fa0, 0.75
 fli.h fa0, 0.875
 fli.h fa0, 1.0
 fli.h fa0, 1.25
 fli.h fa0, 1.5
 fli.h fa0, 1.75
 fli.h fa0, 2
 fli.h fa0, 2.5
 fli.h fa0, 3
 fli.h fa0, 4.0
 fli.h fa0, 8.0
 fli.h fa0, 16.0
 fli.h fa0, 128.0
 fli.h fa0, 256
 fli.h fa0, 32768.0
 fli.h fa0, 65536.0
 fli.h fa0, inf
 fli.h fa0, nan
 fminm.d fa0, fa1, fa2
 fmaxm.d fa0, fa1, fa2
 fround.d fa0, fa1
 fround.d fa0, fa1, rtz
 froundnx.d fa0, fa1
 froundnx.d fa0, fa1, rtz
 fleq.d a0, fa1, fa2
 fltq.d a0, fa1, fa2
 fli.d fa0, -1.0
 fli.d fa0, min
 fli.d fa0, 0.0000152587890625
 fli.d fa0, 0.000030517578125
 fli.d fa0, 0.00390625
 fli.d fa0, 0.0078125
 fli.d fa0, 0.0625
 fli.d fa0, 0.125
 fli.d fa0, 0.25
 fli.d fa0, 0.3125
 fli.d fa0, 0.375
 fli.d fa0, 0.4375
 fli.d fa0, 0.5
 fli.d fa0, 0.625
 fli.d fa0, 0.75
 fli.d fa0, 0.875
 fli.d fa0, 1.0
 fli.d fa0, 1.25
 fli.d fa0, 1.5
 fli.d fa0, 1.75
 fli.d fa0, 2
 fli.d fa0, 2.5
 fli.d fa0, 3
 fli.d fa0, 4.0
 fli.d fa0, 8.0
 fli.d fa0, 16.0
 fli.d fa0, 128.0
 fli.d fa0, 256
 fli.d fa0, 32768.0
 fli.d fa0, 65536.0
 fli.d fa0, inf
 fli.d fa0, nan
 fcvtmod.w.d a0, fa1, rtz
 fli.s fa0, 0x1p-4
 fli.d ft11, -0x1p+0
 fli.s fa0, 0x1.4p+0
 fli.h fa0, +1.5
 fli.s fa0, .5
 fli.d fa0, 6.25e-2
 fli.s fa0, 1e0
 fli.s fa0, 0x2p3
# Floating-point numbers at symbols
 flh fa0, numbers, t0
 flw fa0, numbers + 4, t1
 fld ft11, numbers, a0
 fsh fa0, numbers, t0
 fsw fa0, numbers, t0
 fsd fs0, numbers - 8, t0
 fld fa0, %lo(numbers)(t0)
 .option push
 .option arch, -f
 .option arch, +d
 fadd.d fa0, fa1, fa2
 fadd.s fa0, fa1, fa2
 .option pop
 .data
 .balign 8
numbers: .double 1.5, -0.0, inf
 .float 1.5, 3.4e38, 1e-45
 .float nan, -nan, inf, -inf, 1e-46
 .double nan, -nan, -inf, 4.9e-324
 .float16 1.5, -0.1, 65504, 65519, inf, 1e-7, 6e-8, nan, -nan
