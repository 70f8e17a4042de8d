// The arrows of the house (docs/architecture.md): which room may import which. A test plants a violation of each kind.
const room = (name) => `^(packages|apps)/${name}/`
const mayUse = (from, ...allowed) => ({
  name: `${from}-imports`,
  comment: `${from} may import ${allowed.length === 0 ? 'no room' : allowed.join(', ')}`,
  severity: 'error',
  from: { path: room(from), pathNot: '\\.test\\.ts$|/test/' },
  to: { path: '^(packages|apps)/', pathNot: [from, ...allowed].map(room) },
})

export default {
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/generated/', '\\.next/', 'next-env\\.d\\.ts$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
  forbidden: [
    mayUse('grading'),
    mayUse('evaluation', 'grading'),
    mayUse('dicom', 'grading'),
    mayUse('phantom', 'grading', 'dicom'),
    mayUse('inference', 'grading', 'dicom'),
    mayUse('jobs', 'grading'),
    mayUse('bundle', 'grading', 'dicom'),
    mayUse('demo', 'phantom', 'grading', 'evaluation', 'study'),
    mayUse('storage'),
    mayUse('ui'),
    mayUse('report', 'grading', 'evaluation'),
    mayUse('db', 'grading'),
    mayUse('study', 'grading', 'evaluation', 'dicom', 'jobs', 'bundle'),
    mayUse('portal', 'study', 'grading', 'evaluation', 'report', 'dicom', 'ui'),
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/testing/|\\.test\\.ts$' },
      to: { path: '^apps/' },
    },
    {
      name: 'portal-sees-study-types-only',
      severity: 'error',
      from: { path: room('portal'), pathNot: '\\.test\\.ts$|/test/' },
      to: { path: room('study'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'grading-imports-zod-alone',
      severity: 'error',
      from: { path: `${room('grading')}src/`, pathNot: '\\.test\\.ts$|/test/' },
      to: {
        path: 'node_modules|^(node:)?(fs|path|crypto|os|url|child_process)$',
        pathNot: 'node_modules/(\\.pnpm/)?zod',
      },
    },
    {
      name: 'only-db-imports-the-prisma-client',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: `${room('db')}|^packages/testing/` },
      to: { path: '@prisma/client|packages/db/src/generated' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'unresolved',
      severity: 'error',
      from: { path: '^(packages|apps)/' },
      // Types alone, from the package's @types.
      to: { couldNotResolve: true, pathNot: '^pdfmake/interfaces$' },
    },
  ],
}
