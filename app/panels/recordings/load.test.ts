import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig, hostOf, parseConfig } from '../../../core/config/index.ts';
import { type AboutHost, aboutHost } from '../../../core/replay/about.ts';
import { recordingsOf } from '../../../core/replay/recordings.ts';
import { draftOf, typed, withSource } from '../../state/draft.ts';
import { withHost } from './load.ts';
import { recordedSource } from './source.ts';

let hosts: readonly AboutHost[] = [];
beforeAll(async () => {
  const source = await recordedSource();
  const loaded = await Promise.all(source.hosts.map(({ load }) => load()));
  hosts = loaded.map((host) => aboutHost(recordingsOf(host), source.script));
});

const profileOf = ({ model, name }: AboutHost) => {
  if ('refusal' in model) throw new Error(`${name}: ${model.refusal}`);
  return model.profile;
};
const mine = typed(withSource(draftOf(defaultConfig()), 'own: j own'), 'harts', '3');

describe('the host of a recording as the machine of the page', () => {
  it('is a configuration that is valid and has what was recorded of release, build and machine', () => {
    expect(hosts.length).toBeGreaterThan(2);
    for (const about of hosts) {
      const recorded = profileOf(about);
      const { config } = withHost(mine, recorded).draft;
      expect(parseConfig(config)).toMatchObject({ ok: true });
      const here = hostOf(config, recorded.linux);
      expect(here).toMatchObject({
        sbiV01: recorded.sbiV01,
        quirks: recorded.quirks,
        marchid: recorded.marchid,
        mimpid: recorded.mimpid,
        satpMode: recorded.satpMode,
      });
      expect([config.interface, config.hardware.aia]).toEqual(['upstream', recorded.hardware.aia ? 'on' : 'off']);
      const known = new Set(recorded.hardware.isa);
      expect(config.isa.filter((name) => !known.has(name.toUpperCase()))).toEqual([]);
    }
  });

  it('leaves program, harts and memory as they were', () => {
    for (const about of hosts) {
      const { draft } = withHost(mine, profileOf(about));
      expect([draft.source, draft.config.harts, draft.config.memory]).toEqual(['own: j own', 3, mine.config.memory]);
    }
  });

  it('says what of it a configuration cannot say', () => {
    for (const about of hosts) {
      const recorded = profileOf(about);
      const { draft, left } = withHost(mine, recorded);
      const told = left.some((words) => words.startsWith('Linux: '));
      expect(told).toBe(recorded.linux !== hostOf(draft.config)?.linux);
      if (recorded.hardware.isa.includes('V')) expect(left.join()).toMatch(/ISA extensions .*\bV\b/);
    }
  });
});
