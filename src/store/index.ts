export * from './catalog.ts'
export type * from './contract.ts'
export { partsOfStore } from './facts.ts'
export { pathMatcher, typeMatcher } from './globs.ts'
