import { defineConfig } from 'vitest/config';
import { recordingsPlugin } from './core/cli/replay/plugin.ts';

export default defineConfig({
  plugins: [recordingsPlugin()],
  test: {
    include: ['core/**/*.test.ts', 'app/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.cache/unit.json' }]],
    allowOnly: false,
  },
});
