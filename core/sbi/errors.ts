/**
 * What the error codes mean: in general, and where a function gives one for a reason of its own. Data only, apart
 * from the codes themselves, since only documentation needs the words. [SBI 3.0 §3.3 and the tables of each function]
 */
import type { SbiTable } from './spec/index.ts';
import type { SbiError, SbiName, SbiVersion } from './types.ts';

export interface ErrorWords {
  /** The specification that brought the code. */
  readonly since: SbiVersion;
  readonly says: string;
}

export const ERROR_WORDS = {
  SUCCESS: { since: '0.2', says: 'The call did what it was asked to do; a1 holds the value, where there is one.' },
  FAILED: { since: '0.2', says: 'It did not work, for a reason that no other code stands for.' },
  NOT_SUPPORTED: {
    since: '0.2',
    says: 'There is no such extension or function here, or what was asked for is not implemented. Nobody else answered.',
  },
  INVALID_PARAM: { since: '0.2', says: 'An argument has a value that it must not have.' },
  DENIED: { since: '0.2', says: 'The caller is not allowed to do this, or not now.' },
  INVALID_ADDRESS: {
    since: '0.2',
    says: 'An address is not one that the supervisor can use in this way, such as memory that is not there.',
  },
  ALREADY_AVAILABLE: { since: '0.2', says: 'What was to be made available is so already, such as a hart that runs.' },
  ALREADY_STARTED: { since: '0.3', says: 'What was to be started runs already.' },
  ALREADY_STOPPED: { since: '0.3', says: 'What was to be stopped stands already.' },
  NO_SHMEM: {
    since: '2.0',
    says: 'The function works through shared memory, and the caller has not named any, or has withdrawn it.',
  },
  INVALID_STATE: { since: '3.0', says: 'The thing is in a state from which this step is not possible.' },
  BAD_RANGE: { since: '3.0', says: 'A range of numbers goes beyond what there is.' },
  TIMEOUT: { since: '3.0', says: 'The other side did not answer in time.' },
  IO: { since: '3.0', says: 'The transport to the other side failed.' },
  DENIED_LOCKED: { since: '3.0', says: 'It was locked earlier and stays as it is until reset.' },
} as const satisfies Readonly<Record<SbiError, ErrorWords>>;

type Causes = {
  readonly [Name in SbiName]?: {
    readonly [Key in keyof SbiTable[Name]['functions']]?: SbiTable[Name]['functions'][Key] extends {
      readonly errors: readonly (infer Code extends SbiError)[];
    }
      ? { readonly [E in Code]?: string }
      : never;
  };
};

const HARTS = 'The mask or its base names a hart that does not exist, or that the supervisor may not reach.';
const FENCES = { INVALID_ADDRESS: 'The range is not one of valid addresses.', INVALID_PARAM: HARTS } as const;
const HYPERVISOR = {
  ...FENCES,
  NOT_SUPPORTED: 'The caller or a hart of the mask has no hypervisor extension.',
} as const;
const CONSOLE = {
  INVALID_PARAM: 'The bytes do not lie in memory that the supervisor can reach; other extensions say INVALID_ADDRESS.',
  DENIED: 'This supervisor must not use the console.',
  FAILED: 'The console had an error.',
} as const;
const AREA = {
  INVALID_PARAM: 'The address is not aligned as required, or flags is not 0.',
  INVALID_ADDRESS: 'The area is not memory that the supervisor can read and write.',
} as const;
const NO_AREA = 'The calling hart has no shared memory of this extension.';
const SET_OF_COUNTERS = 'The set names a counter that does not exist.';
const NO_SNAPSHOT = 'The flag asks for the snapshot, and none was set up.';
const CPPC_REGISTER = {
  INVALID_PARAM: 'The register is reserved.',
  NOT_SUPPORTED: 'The platform does not implement the register.',
} as const;
const TRIGGERS = { INVALID_PARAM: 'A trigger of the set is not installed, or its index is beyond the last.' } as const;
const TRIGGER_LIST = {
  NO_SHMEM: NO_AREA,
  BAD_RANGE: 'The number of settings is not below that of triggers.',
  INVALID_PARAM: 'A setting is not valid. The value names it.',
  NOT_SUPPORTED: 'A setting needs bits that the trigger does not implement. The value names it.',
} as const;
const EVENT = {
  NOT_SUPPORTED: 'It is a standard event that nothing here makes.',
  INVALID_PARAM: 'The event is reserved, or one of the platform that it does not have.',
} as const;
const STEP = { ...EVENT, INVALID_STATE: 'The event is not in the state from which this step is possible.' } as const;
const CHANNEL = 'There is no such channel.';
const ATTRIBUTES = {
  INVALID_PARAM: 'The number of attributes is 0, does not fit into shared memory, or the first is not valid.',
  NOT_SUPPORTED: CHANNEL,
  NO_SHMEM: NO_AREA,
} as const;
const MESSAGE = {
  INVALID_PARAM: 'The message is longer than the channel takes or than shared memory holds.',
  NOT_SUPPORTED: 'There is no such channel or message, or the channel does not send this way.',
  NO_SHMEM: NO_AREA,
} as const;

/** Why a function gives an error, where more can be said than the code's own meaning. */
export const ERROR_CAUSES: Causes = {
  IPI: { send_ipi: { INVALID_PARAM: HARTS } },
  RFENCE: {
    remote_fence_i: { INVALID_PARAM: HARTS },
    remote_sfence_vma: FENCES,
    remote_sfence_vma_asid: { ...FENCES, INVALID_PARAM: `${HARTS} Or satp cannot hold the ASID.` },
    remote_hfence_gvma_vmid: HYPERVISOR,
    remote_hfence_gvma: HYPERVISOR,
    remote_hfence_vvma_asid: HYPERVISOR,
    remote_hfence_vvma: HYPERVISOR,
  },
  HSM: {
    hart_start: {
      INVALID_ADDRESS: 'start_addr is not memory, or the supervisor may not execute there.',
      INVALID_PARAM: 'hartid is no hart that can run the supervisor.',
      ALREADY_AVAILABLE: 'The hart is not stopped.',
    },
    hart_get_status: { INVALID_PARAM: 'hartid is no hart that can run the supervisor.' },
    hart_suspend: {
      INVALID_PARAM: 'suspend_type is reserved, or a type of the platform that it does not have.',
      NOT_SUPPORTED: 'The type is a valid one that cannot be used here.',
      INVALID_ADDRESS: 'resume_addr is not memory, or the supervisor may not execute there.',
    },
  },
  SRST: {
    system_reset: {
      INVALID_PARAM: 'Type or reason is reserved, or one of the platform that it does not have.',
      NOT_SUPPORTED: 'The type is a valid one that cannot be used here.',
    },
  },
  PMU: {
    counter_get_info: { INVALID_PARAM: 'There is no such counter.' },
    counter_config_matching: {
      INVALID_PARAM: SET_OF_COUNTERS,
      NOT_SUPPORTED: 'No counter of the set can count this event.',
    },
    counter_start: {
      INVALID_PARAM: SET_OF_COUNTERS,
      ALREADY_STARTED: 'A counter of the set counts already.',
      NO_SHMEM: NO_SNAPSHOT,
    },
    counter_stop: {
      INVALID_PARAM: SET_OF_COUNTERS,
      ALREADY_STOPPED: 'A counter of the set stands already.',
      NO_SHMEM: NO_SNAPSHOT,
    },
    counter_fw_read: { INVALID_PARAM: 'It is not a firmware counter, or not there.' },
    counter_fw_read_hi: { INVALID_PARAM: 'It is not a firmware counter, or not there.' },
    snapshot_set_shmem: { ...AREA, NOT_SUPPORTED: 'There is no snapshot here.' },
    event_get_info: AREA,
  },
  DBCN: {
    console_write: CONSOLE,
    console_read: CONSOLE,
    console_write_byte: { DENIED: CONSOLE.DENIED, FAILED: CONSOLE.FAILED },
  },
  SUSP: {
    system_suspend: {
      INVALID_PARAM: 'sleep_type is reserved, or one of the platform that it does not have.',
      NOT_SUPPORTED: 'The type is a valid one that cannot be used here.',
      INVALID_ADDRESS: 'resume_addr is not memory, or the supervisor may not execute there.',
      DENIED: 'Another hart is not stopped.',
    },
  },
  CPPC: {
    probe: { INVALID_PARAM: CPPC_REGISTER.INVALID_PARAM },
    read: { ...CPPC_REGISTER, DENIED: 'The register can only be written.' },
    read_hi: { ...CPPC_REGISTER, DENIED: 'The register can only be written.' },
    write: { ...CPPC_REGISTER, DENIED: 'The register can only be read.' },
  },
  NACL: {
    set_shmem: AREA,
    sync_csr: {
      NOT_SUPPORTED: 'The feature SYNC_CSR is not there.',
      INVALID_PARAM: 'It is no CSR of a hypervisor, or not implemented.',
      NO_SHMEM: NO_AREA,
    },
    sync_hfence: {
      NOT_SUPPORTED: 'The feature SYNC_HFENCE is not there.',
      INVALID_PARAM: 'There is no such entry.',
      NO_SHMEM: NO_AREA,
    },
    sync_sret: { NOT_SUPPORTED: 'The feature SYNC_SRET is not there.', NO_SHMEM: NO_AREA },
  },
  STA: { steal_time_set_shmem: AREA },
  SSE: {
    read_attrs: {
      ...EVENT,
      INVALID_PARAM: 'There is no such event, or the number of attributes is 0.',
      BAD_RANGE: 'The range has an attribute that does not exist.',
      INVALID_ADDRESS: 'The attributes cannot be put there.',
    },
    write_attrs: {
      ...EVENT,
      INVALID_PARAM: 'There is no such event, the number of attributes is 0, or one cannot have this value.',
      INVALID_STATE: 'An attribute cannot be changed in the state of the event, or not by this hart.',
      BAD_RANGE: 'The range has an attribute that does not exist.',
      INVALID_ADDRESS: 'The attributes cannot be read from there.',
      DENIED: 'The range has an attribute that can only be read.',
    },
    register: { ...STEP, INVALID_PARAM: 'There is no such event, or the handler is at an odd address.' },
    unregister: STEP,
    enable: STEP,
    disable: STEP,
    inject: {
      ...EVENT,
      INVALID_PARAM: 'There is no such event or hart.',
      FAILED: 'Only its source can make this event, or the hart is stopped.',
    },
    hart_unmask: { ALREADY_STARTED: 'Events reach the hart already.' },
    hart_mask: { ALREADY_STOPPED: 'Events are kept from the hart already.' },
  },
  FWFT: {
    set: {
      NOT_SUPPORTED: 'The feature is defined, but the hardware or the implementation lacks what it needs.',
      INVALID_PARAM: 'The feature cannot have this value, or a flag is reserved.',
      DENIED: 'The implementation keeps the feature as it is, or the feature is reserved.',
      DENIED_LOCKED: 'The feature was set with LOCK before.',
    },
    get: {
      NOT_SUPPORTED: 'The feature is defined, but the hardware or the implementation lacks what it needs.',
      DENIED: 'The feature is reserved.',
    },
  },
  DBTR: {
    set_shmem: AREA,
    read_triggers: {
      NO_SHMEM: NO_AREA,
      BAD_RANGE: 'The base, or base and count together, is not below the number of triggers.',
    },
    install_triggers: { ...TRIGGER_LIST, FAILED: 'No free trigger is left for a setting. The value names it.' },
    update_triggers: { ...TRIGGER_LIST, FAILED: 'A trigger is not installed. The value names its setting.' },
    uninstall_triggers: TRIGGERS,
    enable_triggers: TRIGGERS,
    disable_triggers: TRIGGERS,
  },
  MPXY: {
    set_shmem: {
      ...AREA,
      INVALID_PARAM: 'The address is not aligned to 4096 bytes, or a reserved bit of flags is set.',
    },
    get_channel_ids: { INVALID_PARAM: 'start_index is beyond the last channel.', NO_SHMEM: NO_AREA },
    read_attributes: { ...ATTRIBUTES, BAD_RANGE: 'The range has an attribute that does not exist.' },
    write_attributes: {
      ...ATTRIBUTES,
      BAD_RANGE: 'The range has an attribute that does not exist or can only be read.',
      DENIED: 'An attribute depends on another one that has not been written.',
    },
    send_message_with_response: MESSAGE,
    send_message_without_response: MESSAGE,
    get_notification_events: {
      NOT_SUPPORTED: 'There is no such channel, or it has no notifications.',
      NO_SHMEM: NO_AREA,
    },
  },
};
