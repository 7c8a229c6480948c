# Macros, repetitions, conditionals, expressions, comments.
.macro m a b=5, c:vararg
 .byte \a,\b
 .ifnb \c
 .byte \c
 .endif
.endm
m 1
m 1 2
m 1+1, 2, 3, 4
m b=7,a=1
m 1 + 1 2
M 3
.macro required x:req,y=2+3
 .byte \x, \y
.endm
 required (1+2), (3)
 required 4 -1
 required y=1, x=2
.macro nest n
 .if \n
 .byte \n, \@
 nest "(\n-1)"
 .endif
.endm
nest 4
.macro op o, r
 \o\().w \r, \r, (\r)
.endm
op amoadd, a0
op amoor a1
.macro lab
.L\@: j .L\@
.endm
lab
lab
.macro str text
 .ascii "\text"
.endm
str "x y"
str plain
.macro outer name
 .macro \name v
 .byte \v
 .endm
.endm
outer inner
inner 5
.purgem inner
outer inner
inner 6
.macro early x
 .byte 1
 .if \x
 .exitm
 .endif
 .byte 2
.endm
early 0
early 1
.macro loads reg, args:vararg
 .irp off, \args
 ld \reg, \off(sp)
 .endr
.endm
loads a0, 8, 16, 24
.irp r, a0, a1,a2
 mv \r, zero
 add \r,\r,\r
.endr
.irp x, 1 2 3
 .byte \x
.endr
.irp x
 .byte 7\x
.endr
.irpc c, 123
 .byte 0x\c
.endr
.rept 3
 .rept 2
 .byte 1
 .endr
 .byte 2
.endr
.rept 0
 garbage
.endr
.if 1 == 1
 .byte 1
.elseif 1
 .byte 2
.else
 .byte 3
.endif
.if 0
 .if 1
 .byte 4
 .else
 .byte 5
 .endif
 unknown stuff here
.elseif 0
 .byte 6
.else
 .byte 7
.endif
.ifdef foo
 .byte 8
.endif
.ifndef foo
 .byte 9
.endif
.ifnotdef foo
 .byte 9
.endif
foo = 3
.ifdef foo
 .byte 10
.endif
.ifeq foo-3
 .byte 11
.endif
.ifne foo
 .byte 12
.endif
.ifgt foo-2
 .byte 13
.endif
.ifge foo-3
 .byte 14
.endif
.iflt foo-4
 .byte 15
.endif
.ifle foo-3
 .byte 16
.endif
.ifb
 .byte 17
.endif
.ifnb x
 .byte 18
.endif
.ifc a b , a b
 .byte 19
.endif
.ifnc x,y
 .byte 20
.endif
.ifeqs "x","x"
 .byte 21
.endif
.ifnes "x","y"
 .byte 22
.endif
.byte 1+2*3, 7&3+1, 1|2==3, 1<2, 5>>1, -1>>60, -7/2, -7%3, 1!2, !0, !5, ~1, 2&&3, 0||5
.byte 1==1,3<>4, 1+1==2, 4-1&1, 2*3|8, 1!=1, 3^5, 017, 0b101, 0x1F, 2*(3+4), - -1, +1, (((3)))
.byte 1<2==1, 1<=1, 2>=3, 2>1, 1||0&&0, 6&3|8^1, 10-3-2, 100/7/2, 1<<2<<3, 5%3*2
.dword -1>>60, -16>>2, 1<<63, 0x7fffffffffffffff+1, -0x8000000000000000-1, 0xffffffff*0xffffffff
.dword start, start+4, end-start, 4+start, -(end-start), (end-start)*2, (end-start)/2+1
start: /* a comment */ nop ; nop ; nop # another
 /* over
 several lines */ nop /* and
 more */
 li a0, '#' ; li a1, ';' ; li a2, '"'
end: end2: 1: 2: nop
 j 1b ; j 2b ; j 1f
1: j 1b
10: j 10b
 .byte . - start, end - ., end2 - end
x.y$z_1 = 7
 .byte x.y$z_1
 .align 2
.altmacro
.macro save n
 sd x\n, n*8(sp)
.endm
.macro wait_for reg, word
 LOCAL again, out
again: beqz reg, out
 addi reg, reg, -1
 j again
out: .asciz "word reg"
 .balign 4
.endm
.set saved, 5
.rept 3
 save %saved
 .set saved, saved + 1
.endr
 save %(1+2*3)
 wait_for a0, x
 wait_for a1
.noaltmacro
