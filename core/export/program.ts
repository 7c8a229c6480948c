/**
 * The part of the exported C program that is the same for every configuration. It uses what `c.ts` writes
 * before it: sizes and addresses as macros, the tables `settings` and `isa`, and the device tree `tree`.
 * [Linux Documentation/virt/kvm/api.rst; SBI 3.0 §5, §12, §13; PC16550D register descriptions]
 */

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

const EXITS = String.raw`
/* A 16550 serial port without interrupts. */
static uint8_t uart(unsigned int offset, int is_write, uint8_t value)
{
	static uint8_t latch[8];
	static uint8_t divisor[2];
	int has_divisor = (latch[3] & 0x80) != 0;

	if (offset < 2 && has_divisor) {
		if (is_write)
			divisor[offset] = value;
		return divisor[offset];
	}
	if (is_write) {
		if (offset == 0)
			console_write(&value, 1);
		else if (offset != 2 && offset != 5 && offset != 6)
			latch[offset] = value;
		return 0;
	}
	switch (offset) {
	case 0:
		return console_ready(0) ? (uint8_t)console_read() : 0;
	case 2:
		return 0x01;
	case 5:
		return console_ready(0) ? 0x61 : 0x60;
	case 6:
		return 0xb0;
	default:
		return latch[offset];
	}
}

static void serve_mmio(struct kvm_run *run)
{
	uint64_t address = run->mmio.phys_addr;

	if (address < UART_BASE || address >= UART_BASE + 8 || run->mmio.len != 1) {
		fprintf(stderr, "no device answers %u bytes at 0x%llx\n", (unsigned int)run->mmio.len,
			(unsigned long long)address);
		exit(1);
	}
	pthread_mutex_lock(&console_lock);
	run->mmio.data[0] = uart((unsigned int)(address - UART_BASE), run->mmio.is_write, run->mmio.data[0]);
	pthread_mutex_unlock(&console_lock);
}

static void serve_csr(struct kvm_run *run)
{
	uint16_t entropy;

	if (run->riscv_csr.csr_num != CSR_SEED)
		complain("KVM_EXIT_RISCV_CSR", "a CSR that is not emulated");
	if (getrandom(&entropy, sizeof(entropy), 0) != sizeof(entropy))
		die("getrandom");
	run->riscv_csr.ret_value = SEED_ES16 | entropy;
}

static void system_event(struct kvm_run *run)
{
	uint64_t reason = run->system_event.ndata > 0 ? run->system_event.data[0] : 0;

	if (run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN)
		exit(reason == 0 ? 0 : 1);
	if (run->system_event.type == KVM_SYSTEM_EVENT_RESET)
		exit(0);
	complain("KVM_EXIT_SYSTEM_EVENT", "of an unknown type");
}

static void *run_vcpu(void *argument)
{
	struct vcpu *vcpu = argument;

	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			if (errno == EINTR || errno == EAGAIN)
				continue;
			die("KVM_RUN");
		}
		switch (vcpu->run->exit_reason) {
		case KVM_EXIT_RISCV_SBI:
			serve_call(vcpu->run);
			break;
		case KVM_EXIT_MMIO:
			serve_mmio(vcpu->run);
			break;
		case KVM_EXIT_RISCV_CSR:
			serve_csr(vcpu->run);
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			system_event(vcpu->run);
			break;
		case KVM_EXIT_INTR:
			break;
		default:
			fprintf(stderr, "vcpu %u: exit reason %u\n", vcpu->id, vcpu->run->exit_reason);
			exit(1);
		}
	}
	return NULL;
}
`;

const LOADER = String.raw`
static uint8_t *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(RAM_SIZE);

	if (!file || !bytes)
		die(path);
	*length = fread(bytes, 1, RAM_SIZE, file);
	if (ferror(file))
		die(path);
	fclose(file);
	return bytes;
}

static void place(uint64_t address, const uint8_t *bytes, uint64_t length)
{
	uint8_t *to = guest_bytes(address, length);

	if (!to)
		complain("the guest", "does not fit in RAM");
	memcpy(to, bytes, length);
}

static uint64_t place_elf(const uint8_t *bytes, size_t length)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	unsigned int i;

	if (length < sizeof(header))
		complain("the guest", "is a truncated ELF file");
	memcpy(&header, bytes, sizeof(header));
	if (header.e_machine != EM_RISCV || header.e_ident[EI_CLASS] != ELFCLASS64)
		complain("the guest", "is not an ELF file for riscv64");
	for (i = 0; i < header.e_phnum; i++) {
		uint64_t at = header.e_phoff + (uint64_t)i * sizeof(segment);

		if (at > length || sizeof(segment) > length - at)
			complain("the guest", "is a truncated ELF file");
		memcpy(&segment, bytes + at, sizeof(segment));
		if (segment.p_type != PT_LOAD)
			continue;
		if (segment.p_offset > length || segment.p_filesz > length - segment.p_offset)
			complain("the guest", "is a truncated ELF file");
		place(segment.p_paddr, bytes + segment.p_offset, segment.p_filesz);
	}
	return header.e_entry;
}

/* Loads an ELF file, a Linux Image or a flat binary, and gives the address of its first instruction. */
static uint64_t load_guest(const char *path)
{
	size_t length;
	uint8_t *bytes = read_file(path, &length);
	uint64_t offset = FLAT_OFFSET;
	uint64_t entry;

	if (length >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0) {
		entry = place_elf(bytes, length);
	} else {
		if (length >= 64 && memcmp(bytes + 56, "RSC\x05", 4) == 0)
			memcpy(&offset, bytes + 8, sizeof(offset));
		entry = RAM_BASE + offset;
		place(entry, bytes, length);
	}
	free(bytes);
	return entry;
}

/* The device tree was made without knowing how fast the host's timer is. */
static void place_tree(int vcpu)
{
	uint64_t frequency;
	uint8_t *cell = guest_bytes(TREE_ADDRESS, sizeof(tree));
	int i;

	place(TREE_ADDRESS, tree, sizeof(tree));
	if (get_register(vcpu, TIMER_FREQUENCY, &frequency) != 0)
		die("TIMER.frequency");
	for (i = 0; i < 4; i++)
		cell[TREE_FREQUENCY_OFFSET + i] = (uint8_t)(frequency >> (24 - 8 * i));
}
`;

const MAIN = String.raw`
static void check_kernel(int kvm)
{
	if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		complain("/dev/kvm", "speaks another version of the interface");
	if (ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY) <= 0)
		complain("/dev/kvm", "lacks KVM_CAP_USER_MEMORY");
	if (ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_ONE_REG) <= 0)
		complain("/dev/kvm", "lacks KVM_CAP_ONE_REG");
	if (ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS) < HARTS)
		complain("/dev/kvm", "allows fewer vcpus than the configuration has harts");
}

static void create_vcpu(int kvm, int vm, struct vcpu *vcpu, unsigned int id)
{
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (size < 0)
		die("KVM_GET_VCPU_MMAP_SIZE");
	vcpu->id = id;
	vcpu->fd = ioctl(vm, KVM_CREATE_VCPU, (unsigned long)id);
	if (vcpu->fd < 0)
		die("KVM_CREATE_VCPU");
	vcpu->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("the mapping of a vcpu");
	configure(vcpu->fd, id == 0);
}

static int create_vm(int kvm)
{
	struct kvm_userspace_memory_region region = { .guest_phys_addr = RAM_BASE, .memory_size = RAM_SIZE };
	int vm = ioctl(kvm, KVM_CREATE_VM, 0UL);

	if (vm < 0)
		die("KVM_CREATE_VM");
	ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ram == MAP_FAILED)
		die("guest RAM");
	region.userspace_addr = (uintptr_t)ram;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) != 0)
		die("KVM_SET_USER_MEMORY_REGION");
	return vm;
}

int main(int argc, char **argv)
{
	static struct vcpu vcpus[HARTS];
	uint64_t entry;
	int kvm;
	int vm;
	int i;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s GUEST\n  GUEST is an ELF file, a Linux Image or a flat binary.\n", argv[0]);
		return 2;
	}
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		die("/dev/kvm");
	check_kernel(kvm);
	vm = create_vm(kvm);
	for (i = 0; i < HARTS; i++)
		create_vcpu(kvm, vm, &vcpus[i], (unsigned int)i);
	entry = load_guest(argv[1]);
	place_tree(vcpus[0].fd);
	/* The boot protocol: a0 is the hart id, a1 the device tree. The other harts are stopped. */
	if (set_register(vcpus[0].fd, CORE_PC, entry) != 0 || set_register(vcpus[0].fd, CORE_A0, 0) != 0 ||
	    set_register(vcpus[0].fd, CORE_A1, TREE_ADDRESS) != 0)
		die("where the boot hart starts");
	open_console();
	for (i = 0; i < HARTS; i++)
		if (pthread_create(&vcpus[i].thread, NULL, run_vcpu, &vcpus[i]) != 0)
			complain("pthread_create", "failed");
	pthread_join(vcpus[0].thread, NULL);
	return 0;
}
`;

export const PROGRAM = [BASICS, CONSOLE, REGISTERS, CALLS, EXITS, LOADER, MAIN].join('');
