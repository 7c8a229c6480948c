/**
 * How the exported C program starts: what it loads, and what it makes through /dev/kvm before it runs. `program.ts` puts it
 * behind the part that serves exits. [Linux Documentation/virt/kvm/api.rst; Documentation/arch/riscv/boot-image-header.rst]
 */

/** Guest file and device tree into guest memory. */
export const LOADER = String.raw`
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

/** Makes the VM and its vcpus, and starts their threads. */
export const MAIN = String.raw`
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

	show_exits = argc == 3 && strcmp(argv[1], "--exits") == 0;
	if (argc != (show_exits ? 3 : 2)) {
		fprintf(stderr, "Usage: %s [--exits] GUEST\n", argv[0]);
		fprintf(stderr, "  GUEST is an ELF file, a Linux Image or a flat binary.\n");
		fprintf(stderr, "  --exits shows each exit to user space on standard error.\n");
		return 2;
	}
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		die("/dev/kvm");
	check_kernel(kvm);
	vm = create_vm(kvm);
	for (i = 0; i < HARTS; i++)
		create_vcpu(kvm, vm, &vcpus[i], (unsigned int)i);
	entry = load_guest(argv[argc - 1]);
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
