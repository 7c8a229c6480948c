/**
 * How the exported C program serves exits, and shows them; `program.ts` puts it behind what answers calls.
 * [Linux Documentation/virt/kvm/api.rst; PC16550D register descriptions]
 */
export const EXITS = String.raw`
static int show_exits;

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

/* A line on standard error for each exit to user space, when they are asked for. */
static void show_exit(const struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	uint64_t data = 0;

	if (!show_exits)
		return;
	switch (run->exit_reason) {
	case KVM_EXIT_RISCV_SBI:
		fprintf(stderr, "vcpu %u: KVM_EXIT_RISCV_SBI 0x%lx 0x%lx (0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx) -> 0x%lx 0x%lx\n",
			vcpu->id, run->riscv_sbi.extension_id, run->riscv_sbi.function_id, run->riscv_sbi.args[0],
			run->riscv_sbi.args[1], run->riscv_sbi.args[2], run->riscv_sbi.args[3], run->riscv_sbi.args[4],
			run->riscv_sbi.args[5], run->riscv_sbi.ret[0], run->riscv_sbi.ret[1]);
		break;
	case KVM_EXIT_MMIO:
		if (!run->mmio.is_write) {
			fprintf(stderr, "vcpu %u: KVM_EXIT_MMIO read %u bytes at 0x%llx\n", vcpu->id, (unsigned int)run->mmio.len,
				(unsigned long long)run->mmio.phys_addr);
			break;
		}
		memcpy(&data, run->mmio.data, run->mmio.len);
		fprintf(stderr, "vcpu %u: KVM_EXIT_MMIO write 0x%llx to 0x%llx, %u bytes\n", vcpu->id,
			(unsigned long long)data, (unsigned long long)run->mmio.phys_addr, (unsigned int)run->mmio.len);
		break;
	case KVM_EXIT_RISCV_CSR:
		fprintf(stderr, "vcpu %u: KVM_EXIT_RISCV_CSR csr 0x%lx\n", vcpu->id, run->riscv_csr.csr_num);
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		data = run->system_event.ndata > 0 ? run->system_event.data[0] : 0;
		fprintf(stderr, "vcpu %u: KVM_EXIT_SYSTEM_EVENT %s, reason 0x%llx\n", vcpu->id,
			run->system_event.type == KVM_SYSTEM_EVENT_RESET ? "RESET" : "SHUTDOWN", (unsigned long long)data);
		break;
	}
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
			show_exit(vcpu);
			break;
		case KVM_EXIT_MMIO:
			show_exit(vcpu);
			serve_mmio(vcpu->run);
			break;
		case KVM_EXIT_RISCV_CSR:
			show_exit(vcpu);
			serve_csr(vcpu->run);
			break;
		case KVM_EXIT_SYSTEM_EVENT:
			show_exit(vcpu);
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
