export { run } from './transports/cli.ts'
