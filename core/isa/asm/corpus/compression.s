addi a0,a0,0
addi a0,a1,0
addi a0,x0,5
addi x0,x0,0
addi x0,x0,1
addi x0,a0,0
addi a0,a0,1
addi sp,sp,16
addi sp,sp,-512
addi a0,sp,4
addi a0,sp,0
addi sp,sp,0
addi sp,sp,8
addiw a0,a0,0
addiw a0,x0,3
addiw a0,a1,0
add a0,a0,x0
add a0,x0,a1
add a0,a1,x0
add a0,a1,a0
add a0,a0,a1
add x0,x0,a0
add x0,a0,x0
add sp,sp,a0
sub a0,a0,a1
sub a0,a1,a0
and a0,a1,a0
and a0,a0,3
and a0,a0,63
or a0,a0,a1
or a0,a1,a0
xor a0,a1,a0
addw a0,a1,a0
subw a0,a1,a0
subw a0,a0,a1
andi a0,a0,3
andi a0,a0,-32
slli a0,a0,1
slli a0,a0,0
slli x0,x0,1
sll a0,a0,3
sll a0,a0,63
srli a0,a0,1
srli a0,a0,0
srl a0,a0,3
srai a0,a0,63
sra a0,a0,3
lui a0,1
lui a0,0
lui a0,31
lui a0,32
lui a0,0xfffe0
lui a0,0xfffff
lui sp,1
lui x0,1
jalr x0,0(a0)
jalr x1,0(a0)
jalr x1,a0
jalr x0,a0,0
jalr a0
jalr x0
jr a0
jr 0(a0)
jr 4(a0)
jr a0, 4
jr x0
ret
jalr a0,a1
jalr 0(a1)
jalr a1,4
lw a0,0(a1)
lw a0,4(sp)
lw a0,(sp)
lw x0,4(sp)
lw a0,124(a1)
ld a0,8(a1)
ld a0,8(sp)
ld a0,504(sp)
sw a0,4(a1)
sw x0,4(sp)
sd x0,8(sp)
sd a0,8(a1)
nop
ebreak
unimp
mv a0,a1
mv a0,x0
mv x0,a0
li x0, 5
li a0, 31
li a0, 32
li a0, 4096
li a0, 0x1f000
li a0, -1
sext.w a0,a0
sext.w a0,a1
neg a0,a0
not a0,a0
zext.b a0,a0
move a0,a1
add a0,a1,5
addw a0,a0,5
sllw a0,a0,5
slliw a0,a0,5
