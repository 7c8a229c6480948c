import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostError, type Job, runOnHost } from './host.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecall-host-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a job on a host whose QEMU is this shell script, which has its console in $log. */
function run(script: string, job: Partial<Job> = {}, watch?: (line: string) => void) {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  const console = `for word; do case $word in file:*) log=\${word#file:};; esac; done`;
  const machine = { qemu: file('qemu', `#!/bin/sh\n${console}\n${script}\n`), machine: 'virt', cpu: 'rv64', smp: 2 };
  const kernel = {
    image: file('kernel', 'k'),
    modules: [file('b.ko', 'first module'), file('a.ko', 'second module')],
    busybox: file('busybox', 'b'),
    packages: [],
  };
  return runOnHost(machine, kernel, { files: new Map(), seconds: 20, ...job }, watch);
}

it('gives what the host sends between its marks, and each line to who watches', async () => {
  const lines: string[] = [];
  const script = `cd ${folder}; mkdir out; echo 42 > out/answer; exec > $log; printf 'boot\\r\\n=====BEGIN\\n'
tar -cz -C out . | base64; echo =====END`;
  const results = await run(script, {}, (line) => lines.push(line));
  expect([...results].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([['answer', '42\n']]);
  expect(lines[0]).toBe('boot');
});

it('gives the host the options of the machine, and modules in their order before the job', async () => {
  const files = new Map([['deep/down/guest', { bytes: Buffer.from('the guest'), executable: false }]]);
  const said = await run(
    'printf "%s\\n" "$@"; grep -a -o "[a-z0-9/.-]*\\(ko\\|guest\\)" "$(echo "$@" | grep -o "[^ ]*cpio")"; exit 1',
    {
      files,
    },
  ).catch((error: unknown) => error);
  expect(said).toBeInstanceOf(HostError);
  const { message } = said as HostError;
  expect(message).toMatch(/modules\/0-b\.ko[\s\S]*modules\/1-a\.ko[\s\S]*job\/deep\/down\/guest/);
});

it('says how QEMU ended and what the console said last when it fails', async () => {
  await expect(run('echo Kernel panic > $log; echo bad option >&2; exit 3')).rejects.toThrow(
    /QEMU ended with status 3:\nbad option\nKernel panic/,
  );
  await expect(run('echo booted > $log')).rejects.toThrow('the host ended without its results:\nbooted');
});

it('says so when the host has no KVM', async () => {
  const script = 'printf "kvm: hypervisor extension not available\\n=====NOKVM\\n" > $log';
  await expect(run(script)).rejects.toThrow('the host has no /dev/kvm:\nkvm: hypervisor extension not available');
});

it('switches off a host that is not done in time', async () => {
  await expect(run('echo booting > $log; exec sleep 60', { seconds: 1 })).rejects.toThrow(
    'the host was not done after 1 s:\nbooting',
  );
});
