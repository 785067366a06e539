export * from './embedder.ts'
export * from './encoder.ts'
export * from './store.ts'
