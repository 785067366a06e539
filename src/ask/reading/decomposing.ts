import type { Strategy } from '../contract.ts'
import { answerNotes } from './answering.ts'
import { type Handlers, type Outcome, outcomeOf } from './handlers.ts'
import { fenced, linesOf } from './notes.ts'
import { asksForAll } from './queries.ts'
import { type Run, reading } from './run.ts'
import { attempt, Notebook } from './searching.ts'
import { type TaskNode, TaskTree } from './tasks.ts'

interface Step {
  readonly name: string
  readonly text: string
}
/**
 * A strategy that splits a question into steps, each done by the handler that the plan names, and `#1` in a step stands for what step 1
 * gave. A reply that is no plan is: read all, where the question is for all; else follow what is found. Handlers are the caller's.
 */
export function decomposing(name: string, handlers: Handlers, most = 24): Strategy {
  const system = `You split a question into steps. Each step is one line: a handler's name, a colon, its input. Handlers:
${Object.entries(handlers)
  .map(([own, { does }]) => `${own}: ${does}`)
  .join('\n')}
#1 in an input stands for what step 1 gave. Reply with the steps in order and nothing else.`
  return reading(name, async (run) => {
    const tree = new TaskTree<Outcome>(run, { depth: run.option('depth', 3), tasks: run.option('tasks', most) })
    const solve = async (text: string, parent?: TaskNode<Outcome>): Promise<Outcome> => {
      const task = tree.add(text, parent)
      if (!task) return outcomeOf([])
      return (await tree.settle(task, (node) => stepsOf(node))) ?? outcomeOf([])
    }
    const stepsOf = async (node: TaskNode<Outcome>): Promise<Outcome> => {
      const plan = await planOf(run, tree, node.text, system, handlers)
      run.emit({ type: 'planned', plan: node.text, steps: plan.map((step) => `${step.name}: ${step.text}`) })
      const results: Outcome[] = []
      const book = new Notebook()
      for (const step of plan) {
        const text = step.text.replace(/#(\d+)/g, (mark, number) => results[Number(number) - 1]?.told ?? mark)
        const own = tree.add(`${step.name}: ${text}`, node)
        if (!own) continue
        const scope = {
          run,
          tree,
          node: own,
          before: results.at(-1) ?? outcomeOf([]),
          solve: (part: string) => solve(part, own),
        }
        const result = (await tree.settle(own, () => handlers[step.name]!.handle(text, scope))) ?? outcomeOf([])
        results.push(result)
        book.add(result.notes)
      }
      // What functions work out replaces the lines that they worked on only in what is told, never as evidence.
      return { notes: book.notes, told: results.at(-1)?.told ?? '' }
    }
    const { notes } = await solve(run.request.question)
    run.emit({ type: 'planned', plan: 'what was done', steps: tree.trace() })
    const worked = notes.flatMap(({ text, derived }) => (derived ? [text] : []))
    return answerNotes(
      run,
      notes,
      worked.length === 0 ? '' : `Worked out from what was read:\n${fenced(worked.join('\n'))}\n`,
    )
  })
}

async function planOf(
  run: Run,
  tree: TaskTree<Outcome>,
  text: string,
  system: string,
  handlers: Handlers,
): Promise<Step[]> {
  const reply = await attempt(run, [], () =>
    tree.call({
      intent: 'plan',
      purpose: `steps of ${text.slice(0, 80)}`,
      system,
      prompt: `Question: ${text}\n\nSteps:`,
      maxOutputTokens: 500,
    }),
  )
  const steps = linesOf(reply?.text ?? '').flatMap((line) => {
    const match = /^\[?(\w+)\]?\s*:\s*(.*)$/.exec(line)
    const name = match?.[1]?.toLowerCase() ?? ''
    return match && Object.hasOwn(handlers, name) ? [{ name, text: match[2]!.trim() || text }] : []
  })
  if (steps.length > 0) return steps.slice(0, 8)
  const standard = asksForAll(text) ? 'split' : 'follow'
  const first = Object.hasOwn(handlers, standard) ? standard : Object.keys(handlers)[0]
  return first === undefined ? [] : [{ name: first, text }]
}
