export * from './embedder.ts'
export * from './encoder.ts'
export * from './model.ts'
export * from './store.ts'
