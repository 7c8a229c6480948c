# Extensions that GNU as 2.40 does not know by name. Behind each line stands the encoding as the specification draws
# it, field by field, for .insn: opcode, funct3, funct7 (or the fixed half word), operands.
 czero.eqz a0, a1, a2 # .insn r 0x33, 5, 7, a0, a1, a2
 czero.nez t6, s0, zero # .insn r 0x33, 7, 7, t6, s0, zero
