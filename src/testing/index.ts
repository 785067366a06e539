export * from './embedder.ts'
export * from './store.ts'
