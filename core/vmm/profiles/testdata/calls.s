# Makes calls that come to a VMM, or that KVM keeps from it, and prints what is
# in a0 and a1 after each. RAM is 16 MiB.
        .equ    DBCN, 0x4442434e
        .equ    RAM_END, 0x81000000
        .equ    HOLE, 0x00200000        # neither RAM nor a device

        .text
        .globl  _start
_start: la      sp, stack_top
        # The last two bytes of RAM, which a buffer may reach past.
        li      t0, RAM_END - 2
        li      t1, 0x2928              # "()"
        sh      t1, 0(t0)
        la      s0, calls
        la      s1, calls_end
next:   beq     s0, s1, done
        ld      a0, 0(s0)
        call    print
        ld      a7, 8(s0)
        ld      a6, 16(s0)
        ld      a0, 24(s0)
        ld      a1, 32(s0)
        ld      a2, 40(s0)
        li      a3, 0
        li      a4, 0
        li      a5, 0
        ecall
        mv      s2, a1
        call    print_number
        mv      a0, s2
        call    print_number
        la      a0, newline
        call    print
        addi    s0, s0, 48
        j       next
done:   la      a0, buffer_name         # what the reads left in it
        call    print
        la      s3, buffer
        li      s4, 4
1:      lbu     a0, 0(s3)
        call    print_number
        addi    s3, s3, 1
        addi    s4, s4, -1
        bnez    s4, 1b
        la      a0, newline
        call    print
        j       power_off

        .data
        .balign 8
calls:                          # name, extension, function, a0, a1, a2
        .dword  n_write,        DBCN, 0, 5, text, 0
        .dword  n_write_none,   DBCN, 0, 0, text, 0
        .dword  n_write_none_hole, DBCN, 0, 0, HOLE, 0
        .dword  n_write_high,   DBCN, 0, 5, text, 1
        .dword  n_write_hole,   DBCN, 0, 4, HOLE, 0
        .dword  n_write_past,   DBCN, 0, 4, RAM_END - 2, 0
        .dword  n_write_end,    DBCN, 0, 2, RAM_END - 2, 0
        .dword  n_write_after,  DBCN, 0, 2, RAM_END, 0
        .dword  n_write_top,    DBCN, 0, 2, -2, 0
        .dword  n_read,         DBCN, 1, 4, buffer, 0
        .dword  n_read_none,    DBCN, 1, 0, buffer, 0
        .dword  n_read_hole,    DBCN, 1, 4, HOLE, 0
        .dword  n_byte,         DBCN, 2, 'B', 0, 0
        .dword  n_byte_high,    DBCN, 2, 0x143, 0, 0
        .dword  n_dbcn_3,       DBCN, 3, 7, 8, 9
        .dword  n_dbcn_high,    DBCN, 0x100000000, 5, text, 0
        .dword  n_putchar,      1, 0, 'P', 0, 0
        .dword  n_getchar,      2, 0, 0, 0, 0
        .dword  n_susp,         0x53555350, 0, 0, _start, 0
        .dword  n_susp_type,    0x53555350, 0, 1, _start, 0
        .dword  n_mpxy,         0x4d505859, 0, 0, 0, 0
        .dword  n_cppc,         0x43505043, 0, 0, 0, 0
        .dword  n_sse,          0x535345, 0, 0, 0, 0
        .dword  n_dbtr,         0x44425452, 0, 0, 0, 0
        .dword  n_srst_type,    0x53525354, 0, 3, 0, 0
        .dword  n_srst_fid,     0x53525354, 1, 0, 0, 0
        .dword  n_firmware,     0x0a000000, 0, 0, 0, 0
        .dword  n_unknown,      0x12345, 0, 0, 0, 0
calls_end:
buffer: .byte   1, 2, 3, 4

        .section .rodata
text:           .ascii "hello"
n_write:        .asciz "write:"
n_write_none:   .asciz "write of nothing:"
n_write_none_hole: .asciz "write of nothing from nowhere:"
n_write_high:   .asciz "write, upper half of the address 1:"
n_write_hole:   .asciz "write from nowhere:"
n_write_past:   .asciz "write past the end of RAM:"
n_write_end:    .asciz "write of the end of RAM:"
n_write_after:  .asciz "write from after RAM:"
n_write_top:    .asciz "write from the last addresses:"
n_read:         .asciz "read:"
n_read_none:    .asciz "read of nothing:"
n_read_hole:    .asciz "read to nowhere:"
n_byte:         .asciz "write_byte:"
n_byte_high:    .asciz "write_byte of more than a byte:"
n_dbcn_3:       .asciz "DBCN 3:"
n_dbcn_high:    .asciz "DBCN 2^32:"
n_putchar:      .asciz "putchar:"
n_getchar:      .asciz "getchar:"
n_susp:         .asciz "SUSP:"
n_susp_type:    .asciz "SUSP of type 1:"
n_mpxy:         .asciz "MPXY:"
n_cppc:         .asciz "CPPC:"
n_sse:          .asciz "SSE:"
n_dbtr:         .asciz "DBTR:"
n_srst_type:    .asciz "SRST of type 3:"
n_srst_fid:     .asciz "SRST 1:"
n_firmware:     .asciz "firmware:"
n_unknown:      .asciz "unknown:"
buffer_name:    .asciz "buffer:"
        .text
