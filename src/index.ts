export * from './core/index.ts'
export * from './open.ts'
