#!/bin/sh
# The first process. Shows what the kernel found out about the machine, then gives a shell on the console.
export PATH=/bin HOME=/root TERM=vt100
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
hostname ecall
# From here on only serious messages of the kernel come between the lines of the shell.
dmesg -n 4

echo
echo "  Ecall: $(uname -s) $(uname -r) on $(grep -c ^processor /proc/cpuinfo) of $(ls -d /sys/devices/system/cpu/cpu[0-9]* | wc -l) harts"
echo
echo "What the kernel found of its SBI:"
dmesg | sed -n 's/^\(\[[^]]*\] *\)\{0,1\}SBI /  SBI /p'
echo "The harts, from /proc/cpuinfo:"
sed -n 's/^\(isa\|mmu\|mvendorid\|marchid\|mimpid\)[[:space:]]*: */  \1 /p' /proc/cpuinfo | sort -u
echo "Clock: $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource), up $(cut -d' ' -f1 /proc/uptime) s"
echo
echo "Try: cat /proc/cpuinfo, dmesg, top, poweroff -f"
setsid cttyhack sh
poweroff -f
