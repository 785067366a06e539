// Kills a reading of 500 calls at random moments and resumes it: node bench/kill-ask.ts [kills = 100] [parts = 499]
import { killing } from '../test/ask/kill.ts'

const kills = Number(process.argv[2] ?? 100)
const parts = Number(process.argv[3] ?? 499)
let killed = 0
let worlds = 0
let lost = 0
let made = 0
let whole = 0
let wrong = 0
let different = 0
while (killed < kills) {
  const world = await killing({ parts, kills: Math.min(10, kills - killed), delay: 10, random: Math.random })
  worlds++
  whole += world.whole
  for (const [index, run] of world.runs.entries()) {
    made += run.made
    if (!run.killed) {
      if (run.made !== world.whole - run.kept) wrong++
      continue
    }
    killed++
    lost += run.kept + run.made - world.runs[index + 1]!.kept
  }
  if (!world.same) different++
  console.log(`${killed} kills: ${lost} replies lost in flight, ${wrong} wrong resumptions, ${different} other answers`)
}
console.log(
  `${killed} kills in ${worlds} readings of ${parts + 1} calls: ${made} calls were made where ${whole} are needed (${lost} were in flight when killed); ${wrong} resumptions made other calls than the missing ones; ${different} answers differ`,
)
process.exitCode = wrong + different === 0 ? 0 : 1
