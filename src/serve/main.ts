import { exit } from './transports/cli/exit.ts'
import { run } from './transports/cli.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone, as with `| head`.
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
// If work that is waited for is lost, Node ends without a word: that is a fault, not a success.
process.exitCode = exit.failure
process.exitCode = await run(process.argv.slice(2))
