import { GIVE_UP, POWER_OFF, PRINT, PRINT_NUMBER, SLEEP, STACK } from './routines.ts';

export const mailbox = String.raw`# Mailbox: messages to the platform through MPXY.
#
# MPXY carries messages of any protocol over channels, in memory that each hart
# shares with the SBI. What a channel speaks, its attributes say. Here there
# are two, with protocols of their own: channel 1 answers messages with
# themselves and has notifications, channel 2 tells the time of the host.

        .equ    MPXY, 0x4d505859
        .equ    TIME, 0x54494d45
        .equ    SET_SHMEM, 1
        .equ    CHANNEL_IDS, 2
        .equ    READ, 3
        .equ    WRITE, 4
        .equ    ASK, 5                  # a message with a response
        .equ    POST, 6                 # a message without one
        .equ    EVENTS, 7
        .equ    ECHO, 1                 # messages of channel 1
        .equ    POST_EVENT, 3
        .equ    EVENT_MASK, 0x80000001  # attribute of channel 1
        .equ    GET_TIME, 1             # message of channel 2
        .equ    POLLS, 40
        .equ    PAUSE, 500000           # 50 ms of a 10 MHz clock

        .text
        .globl  _start
_start:
        la      sp, stack_top
        li      t0, 1 << 5              # sie.STIE: ends wfi, is never taken
        csrw    sie, t0
        li      a0, MPXY
        li      a6, 3                   # probe_extension
        li      a7, 0x10                # BASE
        ecall
        bnez    a0, absent
        beqz    a1, absent

        la      s0, shmem               # s0: the shared memory
        mv      a0, s0
        li      a1, 0                   # high half of the address
        li      a2, 0                   # flags: overwrite
        li      a6, SET_SHMEM
        call    mpxy

# Which channels there are: two counts, then the ids.
        li      a0, 0                   # from the first on
        li      a6, CHANNEL_IDS
        call    mpxy
        lw      s1, 4(s0)               # s1: how many came
        addi    s2, s0, 8
        la      s3, channels            # the next answer comes to the same place
1:      lw      t0, 0(s2)
        sw      t0, 0(s3)
        addi    s2, s2, 4
        addi    s3, s3, 4
        addi    s1, s1, -1
        bnez    s1, 1b
        sw      zero, 0(s3)             # no channel has the id 0
        la      s3, channels
2:      lwu     s1, 0(s3)
        beqz    s1, echo
        mv      a0, s1
        li      a1, 0                   # attributes 0 to 2: protocol, version,
        li      a2, 3                   # bytes of a message
        li      a6, READ
        call    mpxy
        la      a0, channel_text
        mv      a1, s1
        call    print_with_number
        la      a0, protocol_text
        call    print
        lwu     a0, 0(s0)
        call    print_hex
        la      a0, length_text
        lwu     a1, 8(s0)
        call    print_with_number
        la      a0, end_text
        call    print
        addi    s3, s3, 4
        j       2b

echo:   la      t0, greeting
        mv      t1, s0
1:      lbu     t2, 0(t0)
        sb      t2, 0(t1)
        addi    t0, t0, 1
        addi    t1, t1, 1
        bnez    t2, 1b
        sub     a2, t1, s0              # bytes of the message, the zero too
        li      a0, 1
        li      a1, ECHO
        li      a6, ASK
        call    mpxy
        mv      a0, s0                  # the response
        call    print

        li      a0, 2
        li      a1, GET_TIME
        li      a2, 0
        li      a6, ASK
        call    mpxy
        la      a0, time_text
        ld      a1, 0(s0)
        li      t0, 1000
        divu    a1, a1, t0
        call    print_with_number
        la      a0, time_end
        call    print

# Notifications: wanted ones wait until they are asked for.
        li      t0, 3                   # both kinds: input, and what is posted
        sw      t0, 0(s0)
        li      a0, 1
        li      a1, EVENT_MASK
        li      a2, 1
        li      a6, WRITE
        call    mpxy
        li      t0, 42
        sw      t0, 0(s0)
        li      a0, 1
        li      a1, POST_EVENT
        li      a2, 4
        li      a6, POST
        call    mpxy
        la      a0, wait_text
        call    print
        li      s4, POLLS
poll:   li      a0, 1
        li      a6, EVENTS
        call    mpxy
        addi    s1, s0, 16              # events come from here on, 16 bytes each
        add     s2, s1, a0
1:      beq     s1, s2, 3f
        la      a0, event_text
        lwu     a1, 0(s1)               # kind 1: input, 2: posted
        call    print_with_number
        la      a0, value_text
        lwu     a1, 4(s1)
        call    print_with_number
        la      a0, end_text
        call    print
        lwu     t0, 0(s1)
        addi    t0, t0, -1
        bnez    t0, 2f
        li      s4, 1                   # a key: enough
2:      addi    s1, s1, 16
        j       1b
3:      addi    s4, s4, -1
        beqz    s4, done
        li      a0, PAUSE
        call    sleep
        j       poll
done:   li      a0, 0
        j       power_off

# mpxy: the call; its value in a0. An error ends it all.
mpxy:   li      a7, MPXY
        ecall
        bnez    a0, failed
        mv      a0, a1
        ret

# print_with_number: the text at a0, then a1.
print_with_number:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      a1, 0(sp)
        call    print
        ld      a0, 0(sp)
        call    print_dec
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

${SLEEP}${GIVE_UP}${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
channel_text:   .asciz "Channel "
protocol_text:  .asciz " speaks protocol "
length_text:    .asciz ", in messages of at most "
greeting:       .asciz "Channel 1 gives back what it gets.\n"
time_text:      .asciz "Channel 2 says that "
time_end:       .asciz " us have passed on the host.\n"
wait_text:      .asciz "Type something within two seconds.\n"
event_text:     .asciz "Event of kind "
value_text:     .asciz ", value "
end_text:       .asciz "\n"
failed_text:    .asciz "A call failed: error "
absent_text:    .asciz "There is no MPXY here.\n"
        .bss
        .balign 4096
shmem:          .skip 4096
channels:       .skip 4096
${STACK}`;
