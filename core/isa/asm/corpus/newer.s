# Extensions that GNU as 2.40 does not know by name. Behind each line stands the encoding as the specification draws
# it, field by field, for .insn: opcode, funct3, funct7 (or the fixed half word), operands.
