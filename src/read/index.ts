export * from './catalog.ts'
export type * from './contract.ts'
