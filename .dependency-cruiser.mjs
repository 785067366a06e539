const layers = [
  ['core'],
  ['model', 'read', 'store'],
  ['find', 'fit', 'run'],
  ['ask', 'remember'],
  ['act', 'make'],
  ['measure'],
  ['serve'],
]
const hidden = ['read', 'run'] // wired together in src/open.ts only
const top = ['measure', 'serve'] // these may also import src/open.ts, the composition root
const leaf =
  'providers|tokenizers|rankers|journals|formats|walkers|engines|analyzers|retrievers|compressors|orderers|strategies|policies|cache|positions|recipes|tasks|datasets|systems|readers|judges|metrics|analyses|reports|transports'
const test = '\\.test\\.ts$'
const error = { severity: 'error' }

const layerRules = layers.flatMap((same, depth) =>
  same.map((room) => {
    const below = layers.slice(0, depth).flat()
    const visible = [room, ...below.filter((lower) => top.includes(room) || !hidden.includes(lower))]
    return {
      ...error,
      name: `layer:${room}`,
      from: { path: `^src/${room}/`, pathNot: test },
      to: {
        path: '^src/',
        pathNot: [`^src/(${visible.join('|')})/`, ...(top.includes(room) ? ['^src/open\\.ts$'] : [])],
      },
    }
  }),
)

export default {
  forbidden: [
    ...layerRules,
    { ...error, name: 'no-cycles', from: {}, to: { circular: true } },
    {
      ...error,
      name: 'front-door',
      from: { path: '^src/([^/]+)/', pathNot: test },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/open\\.ts$'] },
    },
    {
      ...error,
      name: 'leaf-is-alone',
      from: { path: `^src/[^/]+/(${leaf})/([^/]+)\\.ts$`, pathNot: test },
      to: { path: `^src/[^/]+/(${leaf})/`, pathNot: '^src/[^/]+/$1/$2(\\.ts$|/)' },
    },
    {
      ...error,
      name: 'dependencies-in-leaves',
      from: { path: '^src/', pathNot: [`^src/[^/]+/(${leaf}|adapters)/`, '^src/(serve/|open\\.ts$|open/)', test] },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
  ],
  required: [
    {
      ...error,
      name: 'leaf-meets-contract',
      module: { path: `^src/([^/]+)/(?:${leaf})/[^/]+\\.ts$`, pathNot: test },
      to: { path: '^src/$1/[^/]+\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
