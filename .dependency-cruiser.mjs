/** Who may import whom: ARCHITECTURE.md says why. A stage reaches another only through what core/node injects. */
const stages = 'statement|lean|policy|repair|memory|network';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '(^|/)(worker|main)\\.ts$', '^test/', 'bin\\.mjs$'] },
      to: {},
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies-in-product',
      severity: 'error',
      // How the app is built is no part of it; a test reads it.
      from: { pathNot: '^(test/|vite\.)' },
      // Electron is the program that runs the app, and comes with it.
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/electron/',
      },
    },
    {
      name: 'record-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^core/record/' },
      to: { path: '^(core|electron|renderer|lean-bundle|test)/', pathNot: '^core/record/' },
    },
    {
      name: 'process-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^core/process/' },
      to: { path: '^(core|electron|renderer|lean-bundle|test)/', pathNot: '^core/process/' },
    },
    {
      name: 'api-imports-record-only',
      severity: 'error',
      from: { path: '^core/api/' },
      to: { path: '^(core|electron|renderer|lean-bundle|test)/', pathNot: '^core/(api|record)/' },
    },
    {
      name: 'stages-never-import-each-other',
      severity: 'error',
      from: { path: `^core/(${stages})/` },
      to: {
        path: '^(core|electron|renderer|lean-bundle|test)/',
        pathNot: ['^core/(record|process)/', '^core/$1/'],
      },
    },
    {
      name: 'core-knows-no-face',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(electron|renderer|test)/' },
    },
    {
      name: 'core-reaches-lean-bundle-by-path',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/(node|cli)/' },
      to: { path: '^lean-bundle/' },
    },
    {
      name: 'lean-bundle-speaks-the-worker-protocol',
      severity: 'error',
      from: { path: '^lean-bundle/' },
      to: {
        path: '^(core|electron|renderer|test)/',
        pathNot: '^core/(record|lean/protocol|lean/judge|lean/inert)/',
      },
    },
    {
      name: 'electron-imports-api',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/worker/' },
      to: { path: '^(core|renderer|lean-bundle|test)/', pathNot: '^core/(api|record)/' },
    },
    {
      name: 'renderer-imports-api',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(core|electron|lean-bundle|test)/', pathNot: '^core/(api|record)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
