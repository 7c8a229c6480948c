import { FAILED, POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const fence = String.raw`# Remote fences: hart 0 changes code and page tables that hart 1 uses.
#
# fence.i and sfence.vma act on the hart that executes them. For another hart
# there is RFENCE. Hart 1 calls a function that hart 0 rewrites, then reads
# through a mapping that hart 0 moves; before each fence its answer may be the
# old one or the new one, after it only the new one will do.

        .equ    HSM, 0x48534d
        .equ    RFENCE, 0x52464e43
        .equ    PATIENCE, 1000000       # 100 ms of a 10 MHz clock
        .equ    WINDOW, 0x40000000      # virtual address of the moved page
        .equ    PAGE_A, 0x80600000      # two physical places for it
        .equ    PAGE_B, 0x80700000
        .equ    PTE_POINTER, 0x01       # V
        .equ    PTE_LEAF, 0xcf          # D A X W R V

        .text
        .globl  _start
_start:
        la      sp, stack_top
        call    build_tables
        li      a0, 1
        la      a1, second_hart
        li      a2, 0
        li      a6, 0                   # hart_start
        li      a7, HSM
        ecall
        la      s0, no_start
        bnez    a0, failed

        la      s2, run_function        # 1. code
        la      s3, code_text
        call    show
        la      t0, function            # li a0, 1 becomes li a0, 2
        la      t1, replacement
        lw      t1, 0(t1)
        sw      t1, 0(t0)
        la      s3, code_early_text
        call    show
        li      a0, 2                   # hart_mask: bit 1
        li      a1, 0                   # hart_mask_base
        li      a6, 0                   # remote_fence_i
        li      a7, RFENCE
        ecall
        la      s0, no_fence_i
        bnez    a0, failed
        la      s3, code_late_text
        call    show
        li      t0, 2
        bne     a0, t0, stale

        la      s2, read_window         # 2. a page
        la      s3, page_text
        call    show
        la      t0, level0
        li      t1, (PAGE_B >> 12 << 10) | PTE_LEAF
        sd      t1, 0(t0)
        la      s3, page_early_text
        call    show
        li      a0, 2
        li      a1, 0
        li      a2, WINDOW              # start_addr
        li      a3, 4096                # size
        li      a6, 1                   # remote_sfence_vma
        li      a7, RFENCE
        ecall
        la      s0, no_sfence
        bnez    a0, failed
        la      s3, page_late_text
        call    show
        li      t0, 2
        bne     a0, t0, stale
        li      a0, 0
        j       power_off

# show: lets hart 1 call s2, prints the text at s3 and the answer, keeps it in a0.
show:   addi    sp, sp, -16
        sd      ra, 8(sp)
        la      t0, answer
        sw      zero, 0(t0)
        la      t1, job
        fence   rw, rw                  # new code or tables first
        sd      s2, 0(t1)
        rdtime  t1
        li      t2, PATIENCE
        add     t1, t1, t2
1:      lw      t2, 0(t0)
        bnez    t2, 2f
        rdtime  t3
        bltu    t3, t1, 1b
        la      s0, no_answer
        j       failed_quietly
2:      sd      t2, 0(sp)
        mv      a0, s3
        call    print
        ld      a0, 0(sp)
        call    print_dec
        la      a0, newline
        call    print
        ld      a0, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

stale:  la      s0, stale_text
        j       failed_quietly
${FAILED}
# build_tables: Sv39. RAM's gigabyte maps to itself; WINDOW is one 4 KiB page.
build_tables:
        la      t0, level2
        li      t1, (0x80000000 >> 12 << 10) | PTE_LEAF
        sd      t1, 2 * 8(t0)
        la      t1, level1
        srli    t1, t1, 2               # address >> 12 << 10
        ori     t1, t1, PTE_POINTER
        sd      t1, 1 * 8(t0)
        la      t0, level1
        la      t1, level0
        srli    t1, t1, 2
        ori     t1, t1, PTE_POINTER
        sd      t1, 0(t0)
        la      t0, level0
        li      t1, (PAGE_A >> 12 << 10) | PTE_LEAF
        sd      t1, 0(t0)
        li      t0, PAGE_A              # what can be read there
        li      t1, 1
        sw      t1, 0(t0)
        li      t0, PAGE_B
        li      t1, 2
        sw      t1, 0(t0)
        ret

# The second hart: turns the MMU on, then does the jobs it is given.
second_hart:
        la      t0, level2
        srli    t0, t0, 12
        li      t1, 8 << 60             # satp.MODE: Sv39
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
wait:   la      s0, job
        ld      t0, 0(s0)
        beqz    t0, wait
        sd      zero, 0(s0)
        jalr    t0
        la      t0, answer
        sw      a0, 0(t0)
        j       wait

run_function:
        j       function
read_window:
        li      t0, WINDOW
        lw      a0, 0(t0)
        ret

        .balign 64                      # a cache line of its own
        .option push
        .option norvc
function:
        li      a0, 1
        ret
replacement:
        li      a0, 2
        .option pop
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
code_text:        .asciz "Hart 1 calls the function: "
code_early_text:  .asciz "Rewritten, not yet fenced: "
code_late_text:   .asciz "After remote_fence_i:      "
page_text:        .asciz "Hart 1 reads the page:     "
page_early_text:  .asciz "Moved, not yet fenced:     "
page_late_text:   .asciz "After remote_sfence_vma:   "
newline:          .asciz "\n"
no_start:         .asciz "hart_start is refused: error "
no_fence_i:       .asciz "remote_fence_i is refused: error "
no_sfence:        .asciz "remote_sfence_vma is refused: error "
no_answer:        .asciz "Hart 1 does not answer.\n"
stale_text:       .asciz "The fence succeeded, but hart 1 still sees the old state.\n"
        .bss
        .balign 4096
level2:           .skip 4096
level1:           .skip 4096
level0:           .skip 4096
job:              .skip 8
answer:           .skip 8
${STACK}`;
