export type * from './contract.ts'
export { run } from './transports/cli.ts'
