/** The layer rules, made from core/layers.json: what is not listed there is forbidden. */
const { layers } = require('./core/layers.json');

const quoted = (path) => path.replaceAll('.', '\\.');
const folder = (path) => (path.endsWith('.ts') ? `^${quoted(path)}$` : `^${quoted(path)}/`);
const unless = '\\.test\\.tsx?$';
/** Tests may build machines with anything below; what they import is not shipped. */
const rules = Object.entries(layers).map(([from, allowed]) => ({
  name: `layer-${from.replaceAll('/', '-')}`,
  severity: 'error',
  from: { path: folder(from), pathNot: [unless] },
  to: { path: '^(core|app|e2e)/', pathNot: [folder(from), ...allowed.map(folder)] },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '\\?worker'] },
    },
    {
      name: 'every-folder-has-a-layer',
      severity: 'error',
      from: { path: '^(core|app|e2e)/', pathNot: [...Object.keys(layers).map(folder), unless] },
      to: {},
    },
    {
      name: 'no-node-in-core',
      severity: 'error',
      from: { path: '^core/', pathNot: ['^core/(cli|testing|bench)/', unless] },
      to: { dependencyTypes: ['core'] },
    },
    ...rules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
