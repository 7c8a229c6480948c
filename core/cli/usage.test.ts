import { afterAll, describe, expect, it } from 'vitest';
import { CLI_MAIN, ecall, scratch } from '../testing/command-line.ts';

const { folder, remove } = scratch();
afterAll(remove);

describe('bad usage', () => {
  it.each([
    [['run'], 'give a guest'],
    [['run', '/nonexistent/guest'], 'no such file'],
    [['run', 'a', 'b'], 'one guest'],
    [['run', '--example', 'nope'], 'nope'],
    [['run', '--example', 'hello', '--nope'], '--nope'],
    [['run', '--example', 'hello', '--harts', '9'], 'harts'],
    [['run', '--example', 'hello', '--sbi', 'DBCN=maybe'], 'One of kvm, vmm, off'],
    [['run', '--example', 'hello', '--sbi', 'DBCN=kvm=vmm'], 'EXT=MODE'],
    [['run', '--example', 'hello', '--isa', 'rv64gq'], 'no extension q'],
    [['run', '--example', 'hello', '--isa', 'rv32i'], 'RV64'],
    [['run', '--example', 'hello', CLI_MAIN], 'not both'],
    [['run', '--guest', 'linux', CLI_MAIN], 'not both'],
    [['run', '--guest', 'linux', '--example', 'hello'], 'exclude each other'],
    [['run', '--guest', 'nope'], 'linux'],
    [['run', CLI_MAIN], 'is text'],
    [['run', folder], 'folder'],
    [['run', '--example', 'hello', '--sbi', 'NOPE=kvm'], 'NOPE'],
    [['run', '--example', 'hello', '--sbi', 'DBCN'], 'EXT=MODE'],
    [['run', '--example', 'hello', '--interface', 'upstream', '--sbi', 'TIME=vmm'], 'TIME cannot be vmm'],
    [
      ['run', '--example', 'hello', '--interface', 'upstream', '--vmm', 'qemu', '--sbi', 'SUSP=vmm'],
      'does not serve SUSP',
    ],
    [['run', '--example', 'hello', '--vmm', 'bhyve'], 'not a choice'],
    [
      ['run', '--example', 'hello', '--interface', 'upstream', '--host', 'linux-6.4', '--vmm', 'crosvm'],
      'KVM_DEV_TYPE_RISCV_AIA',
    ],
    [['run', '--example', 'hello', '--isa', '+Nope'], 'Nope'],
    [['run', '--example', 'hello', '--mvendorid', '0x1ffffffffffffffff'], 'mvendorid'],
    [['run', '--example', 'hello', '--aia', 'nope'], 'One of off, on'],
    [['run', '--example', 'hello', '--engine', 'nope'], 'engine'],
    [['run', '--example', 'hello', '--max-instructions', '0'], 'max-instructions'],
    [['run', '--example', 'hello', '--trace', '/nonexistent/trace'], '/nonexistent/trace'],
    [['run', '--example', 'hello', '--input-log', CLI_MAIN], 'line 1'],
    [['run', '--url', '#2&n=nine'], 'harts'],
    [['run', '--url', '#2&g=@Image'], 'Image'],
    [['nope'], 'there is no command nope'],
    [['check', '--neighbours', '-1'], 'neighbours: Neighbours: "-1" is not a whole number'],
    [['check', '--neighbours', '--harts', '2'], '--neighbours needs a value\n  If --harts is meant'],
    [['check', '--harts'], '--harts needs a value'],
    [['check', '--nope'], 'there is no option --nope'],
    [['check', 'guest.s'], 'there is no place for guest.s'],
    [['matrix', '--json=yes'], '--json takes no value'],
  ])('2 for %j', async (args, words) => {
    const result = await ecall(...args);
    expect(result.err).toContain(words);
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).not.toMatch(/^\s+at /m);
  });
});

describe('the help', () => {
  it('has lines that a terminal shows whole', async () => {
    for (const command of ['run', 'link', 'check', 'export', 'matrix']) {
      const { out } = await ecall(command, '--help');
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(130);
    }
  });

  it.each([['--help'], ['run', '--help'], ['asm', '--help'], ['disasm', '--help'], ['link', '--help']])(
    '%s %s explains',
    async (...args) => {
      const result = await ecall(...args);
      expect([result.code, result.out, result.err]).toEqual([0, expect.stringContaining('Usage: ecall'), '']);
    },
  );
});
