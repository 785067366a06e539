export * from './catalog.ts'
export type * from './contract.ts'
export { pathMatcher, typeMatcher } from './globs.ts'
