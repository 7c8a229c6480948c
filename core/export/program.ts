/**
 * The part of the exported C program that is the same for every configuration. It uses what `c.ts` writes
 * before it: sizes and addresses as macros, the tables `settings` and `isa`, and the device tree `tree`.
 * [Linux Documentation/virt/kvm/api.rst; SBI 3.0 §5, §12, §13; PC16550D register descriptions]
 */

import { EXITS } from './program-exits.ts';
import { LOADER, MAIN } from './program-start.ts';

export const PROGRAM_HEADERS = `#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>
`;

const BASICS = String.raw`
struct vcpu {
	int fd;
	unsigned int id;
	struct kvm_run *run;
	pthread_t thread;
};

static uint8_t *ram;
static pthread_mutex_t console_lock = PTHREAD_MUTEX_INITIALIZER;
static int pending_byte = -1;
static int input_ended;
static struct termios terminal;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void complain(const char *words, const char *detail)
{
	fprintf(stderr, "%s: %s\n", words, detail);
	exit(1);
}

/* The bytes behind guest-physical addresses, or NULL when they are not all in RAM. */
static uint8_t *guest_bytes(uint64_t address, uint64_t length)
{
	if (address < RAM_BASE || address - RAM_BASE > RAM_SIZE || length > RAM_SIZE - (address - RAM_BASE))
		return NULL;
	return ram + (address - RAM_BASE);
}
`;

const CONSOLE = `
static void restore_terminal(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

static void open_console(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &terminal) != 0)
		return;
	raw = terminal;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_iflag &= ~ICRNL;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
		atexit(restore_terminal);
}

static void console_write(const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno != EINTR)
			die("standard output");
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
}

/* Whether a byte of input is there, after waiting for it at most so long. */
static int console_ready(int milliseconds)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t byte;

	if (pending_byte >= 0)
		return 1;
	if (input_ended) {
		poll(NULL, 0, milliseconds);
		return 0;
	}
	if (poll(&input, 1, milliseconds) <= 0)
		return 0;
	if (read(STDIN_FILENO, &byte, 1) == 1)
		pending_byte = byte;
	else
		input_ended = 1;
	return pending_byte >= 0;
}

/* A byte of input, or -1. */
static int console_read(void)
{
	int byte = console_ready(0) ? pending_byte : -1;

	pending_byte = -1;
	return byte;
}
`;

const REGISTERS = String.raw`
static int get_register(int vcpu, uint64_t id, uint64_t *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vcpu, KVM_GET_ONE_REG, &one);
}

static int set_register(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };

	return ioctl(vcpu, KVM_SET_ONE_REG, &one);
}

/* A register that the kernel or the host lacks is as good as 0: what it stands for is not there. */
static int is_as_wanted(int vcpu, const struct setting *wanted)
{
	uint64_t value = 0;

	if (get_register(vcpu, wanted->id, &value) != 0 && errno != ENOENT && errno != EINVAL)
		die(wanted->name);
	return value == wanted->value;
}

static void configure(int vcpu, int is_first)
{
	const struct setting *wanted;

	for (wanted = settings; wanted->name; wanted++)
		if (!is_as_wanted(vcpu, wanted) && set_register(vcpu, wanted->id, wanted->value) != 0)
			die(wanted->name);
	for (wanted = isa; wanted->name; wanted++)
		if (!is_as_wanted(vcpu, wanted) && set_register(vcpu, wanted->id, wanted->value) != 0 && is_first)
			fprintf(stderr, "%s cannot be %s here: %s\n", wanted->name, wanted->value ? "on" : "off",
				strerror(errno));
}
`;

const CALLS = `
static long debug_console(unsigned long function, const unsigned long *args, unsigned long *value)
{
	uint64_t length = args[0];
	uint64_t done = 0;
	uint8_t *bytes;
	uint8_t byte = (uint8_t)args[0];

	if (function == DBCN_CONSOLE_WRITE_BYTE) {
		console_write(&byte, 1);
		return SBI_SUCCESS;
	}
	if (function != DBCN_CONSOLE_WRITE && function != DBCN_CONSOLE_READ)
		return SBI_NOT_SUPPORTED;
	bytes = args[2] == 0 ? guest_bytes(args[1], length) : NULL;
	if (length > 0 && !bytes)
		return SBI_INVALID_PARAM;
	if (function == DBCN_CONSOLE_WRITE) {
		console_write(bytes, length);
		done = length;
	} else {
		while (done < length && console_ready(0))
			bytes[done++] = (uint8_t)console_read();
	}
	*value = done;
	return SBI_SUCCESS;
}

static unsigned long probe_answer(uint64_t id)
{
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (id >= probes[i].first && id <= probes[i].last)
			return probes[i].answer;
	return 0;
}

/* A call that the kernel hands over; it has filled in NOT_SUPPORTED for what is not served here. */
static void serve_call(struct kvm_run *run)
{
	unsigned long *args = run->riscv_sbi.args;
	unsigned long *ret = run->riscv_sbi.ret;
	uint8_t byte = (uint8_t)args[0];

	pthread_mutex_lock(&console_lock);
	switch (run->riscv_sbi.extension_id) {
	case V01_CONSOLE_PUTCHAR:
		console_write(&byte, 1);
		ret[0] = 0;
		ret[1] = args[1];
		break;
	case V01_CONSOLE_GETCHAR:
		ret[0] = (unsigned long)(long)console_read();
		ret[1] = args[1];
		break;
	case SBI_BASE:
		if (run->riscv_sbi.function_id != BASE_PROBE_EXTENSION)
			break;
		ret[0] = SBI_SUCCESS;
		ret[1] = probe_answer(args[0]);
		break;
	case SBI_DBCN:
		ret[1] = 0;
		ret[0] = (unsigned long)debug_console(run->riscv_sbi.function_id, args, &ret[1]);
		break;
	case SBI_SUSP:
		/* The kernel has checked the call and resets the hart when it goes on. */
		console_ready(SUSPEND_MS);
		ret[0] = SBI_SUCCESS;
		ret[1] = 0;
		break;
	}
	pthread_mutex_unlock(&console_lock);
}
`;

export const PROGRAM = [BASICS, CONSOLE, REGISTERS, CALLS, EXITS, LOADER, MAIN].join('');
