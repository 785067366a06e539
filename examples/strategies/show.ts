// Asks the folder of examples by one way of reading, with a small program in the model's place, and prints what happens.
import { type AskOptions, open } from '../../src/index.ts'
import type { ModelCall } from '../../src/model/index.ts'
import { scriptedModel } from '../../src/testing/index.ts'

export interface Shown extends AskOptions {
  readonly strategy: string
  readonly question: string
  /** What plays the model: told what it is asked, it replies. */
  readonly reply?: (call: ModelCall, index: number) => string
  /** The file that is read, or a glob pattern; default all of `examples/library`. */
  readonly path?: string
  /** Whether replies of the model are printed too; default false. */
  readonly replies?: boolean
}

const short = (text: string, most = 100): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

export async function show({ question, reply, path, replies = false, ...options }: Shown): Promise<void> {
  const model = reply && scriptedModel(reply)
  const library = await open('examples/library')
  await library.refresh()
  console.log(`${options.strategy}: ${question}`)
  const filter = path === undefined ? {} : { filter: { paths: [`**/${path}`] } }
  const asking = library.ask(question, { ...filter, ...(model ? { model } : {}), ...options })
  for await (const event of asking) {
    if (event.type === 'planned')
      console.log(`plan     ${event.plan}${(event.steps ?? []).map((step) => `\n         - ${short(step)}`).join('')}`)
    if (event.type === 'retrieved')
      console.log(`search   ${short(event.query)}: ${counted(event.spans.length, 'passage')}`)
    if (event.type === 'asked') console.log(`ask      ${short(event.purpose)}`)
    if (event.type === 'answered' && replies) console.log(`reply    ${short(event.text)}`)
    if (event.type === 'noted')
      console.log(
        `note     ${event.note.derived ? `(written) ${short(event.note.text)}` : `"${short(event.note.text)}"`}${event.note.kind ? ` (${event.note.kind})` : ''}`,
      )
    if (event.type === 'warned') console.log(`warning  ${short(event.message)}`)
    if (event.type !== 'answer') continue
    const { text, citations, unsupported, usage } = event.answer
    console.log(
      `answer   ${text
        .trim()
        .replace(/^(.{239}).{2,}$/gm, '$1…')
        .replace(/\n(?=.)/g, '\n         ')}`,
    )
    for (const { passage, verified } of citations)
      console.log(`evidence ${await library.cite(passage)}${verified ? '' : ', not verified'}`)
    for (const [start, end] of unsupported) console.log(`unproven ${short(text.slice(start, end))}`)
    console.log(`cost     ${counted(usage.calls, 'call')}`)
  }
  await library.close()
}
