/**
 * A system call filter for the process that elaborates a stranger's source, as a classic BPF program (see
 * `seccomp(2)`, `linux/filter.h`): it may make threads but no processes, and may not use what has served to break out of
 * sandboxes or to get memory that no limit counts.
 */
interface Architecture {
  /** `AUDIT_ARCH_*` of linux/audit.h. */
  readonly audit: number;
  /** Numbers from here on belong to another ABI of the same architecture. */
  readonly end: number;
  readonly clone: number;
  readonly clone3: number;
  readonly denied: readonly number[];
}

/** The numbers of system calls that were made after 2019 are the same on all architectures. */
const DENIED_EVERYWHERE = [
  425, 426, 427, // io_uring_setup, _enter, _register
  428, 429, 430, 431, 432, 433, // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick
  434, 438, 440, 442, // pidfd_open, pidfd_getfd, process_madvise, mount_setattr
  447, // memfd_secret
]; // prettier-ignore

const ARCHITECTURES: Partial<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    end: 0x40000000,
    clone: 56,
    clone3: 435,
    denied: [
      57, 58, // fork, vfork
      101, 310, 311, // ptrace, process_vm_readv, process_vm_writev
      155, 165, 166, 272, 308, // pivot_root, mount, umount2, unshare, setns
      246, 320, 175, 313, // kexec_load, kexec_file_load, init_module, finit_module
      248, 249, 250, // add_key, request_key, keyctl
      298, 321, 323, // perf_event_open, bpf, userfaultfd
      29, 30, 31, 64, 68, 69, 319, // shmget, shmat, shmctl, semget, msgget, msgsnd, memfd_create
      303, 304, // name_to_handle_at, open_by_handle_at
      ...DENIED_EVERYWHERE,
    ], // prettier-ignore
  },
  arm64: {
    audit: 0xc00000b7,
    end: 0xffffffff,
    clone: 220,
    clone3: 435,
    denied: [
      117, 270, 271, // ptrace, process_vm_readv, process_vm_writev
      41, 40, 39, 97, 268, // pivot_root, mount, umount2, unshare, setns
      104, 294, 105, 273, // kexec_load, kexec_file_load, init_module, finit_module
      217, 218, 219, // add_key, request_key, keyctl
      241, 280, 282, // perf_event_open, bpf, userfaultfd
      194, 195, 196, 190, 186, 189, 279, // shmget, shmctl, shmat, semget, msgget, msgsnd, memfd_create
      264, 265, // name_to_handle_at, open_by_handle_at
      ...DENIED_EVERYWHERE,
    ], // prettier-ignore
  },
};

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_SET = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;
/** Offsets in `struct seccomp_data`; the low half of the first argument comes first on these machines. */
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;
const CLONE_THREAD = 0x00010000;

/** The filter as bubblewrap's `--seccomp` wants it; undefined where this machine's numbers are not known. */
export function seccompFilter(architecture: string = process.arch): Buffer | undefined {
  const numbers = ARCHITECTURES[architecture];
  if (numbers === undefined) return undefined;
  const program: number[][] = [];
  const add = (code: number, whenTrue: number, whenFalse: number, value: number): void =>
    void program.push([code, whenTrue, whenFalse, value]);
  add(LOAD, 0, 0, ARCH);
  add(JUMP_EQUAL, 1, 0, numbers.audit);
  add(RETURN, 0, 0, KILL_PROCESS);
  add(LOAD, 0, 0, NUMBER);
  add(JUMP_GREATER_OR_EQUAL, 0, 1, numbers.end);
  add(RETURN, 0, 0, KILL_PROCESS);
  // The C library then falls back to clone, whose flags can be seen here.
  add(JUMP_EQUAL, 0, 1, numbers.clone3);
  add(RETURN, 0, 0, ERRNO | ENOSYS);
  for (const denied of numbers.denied) {
    add(JUMP_EQUAL, 0, 1, denied);
    add(RETURN, 0, 0, ERRNO | EPERM);
  }
  add(JUMP_EQUAL, 0, 3, numbers.clone);
  add(LOAD, 0, 0, FIRST_ARGUMENT);
  add(JUMP_SET, 1, 0, CLONE_THREAD);
  add(RETURN, 0, 0, ERRNO | EPERM);
  add(RETURN, 0, 0, ALLOW);
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code = 0, whenTrue = 0, whenFalse = 0, value = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(whenTrue, i * 8 + 2);
    bytes.writeUInt8(whenFalse, i * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4);
  }
  return bytes;
}
