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
