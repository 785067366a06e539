import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { outputTokens } from '../generators/longproc/steps.ts'
import { scoreTrip, trip } from '../generators/longproc/travel.ts'
import { evenly } from '../generators/weave.ts'
import { shuffled } from '../random.ts'

export const meta = {
  name: 'longproc-travel',
  summary: 'A search for a trip that meets every constraint on days and flights, written out with every step back.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  options: { output: '0.5k' },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const rules = `Search in this way, from day 1 on. If a stay with given days is due on the day, it alone is tried; else all cities without given days that are not visited yet, in the order of the list. For each write a line such as "Day 5: try Oslo to day 8: goes." or "no flight from Rome." or, when its last day is after the first day of the next stay with given days, "too late for Rome on day 7." A stay begins on the day on which the one before ends. After "goes" the search goes on from its last day; when all on a day were tried, write "Day 5: nothing is left to try, go back." and go on with the day before. When all cities are placed write the plan, one line such as "Day 1-5: Oslo" for each stay, between <Plan> and </Plan>.`

/** `output` is 0.5k, 2k or 8k, or a number: tokens of the search. The constraints stand one by one between prose. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const { text, ...made } = trip(outputTokens(options.output), counter, random)
  const { stays, flights, days } = made
  const lines = [
    ...stays.map(({ city, days, fixed }) =>
      fixed
        ? `The stay in ${city} lasts ${days} days and is given: from day ${fixed[0]} to day ${fixed[1]}.`
        : `The stay in ${city} lasts ${days} days.`,
    ),
    ...flights.map(([from, to]) => `There is a direct flight from ${from} to ${to}.`),
  ]
  const asked = {
    instruction:
      'The text below says how long a traveller stays in which city and where there are direct flights, one way.',
    question: `Plan the whole trip of ${days} days to these cities: ${stays.map(({ city }) => city).join(', ')}. It begins on day 1 in any city, takes direct flights alone, and counts the day of a flight for both cities. ${rules}`,
  }
  const depths = shuffled(evenly(lines.length), random)
  const blocks = lines.map((text, at) => ({ text, depth: depths[at]! }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  const plan = text.slice(text.indexOf('<Plan>'))
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: plan
        .split('\n')
        .slice(1, -1)
        .map((line) => [line]),
      evidence: spans,
      tags: { length, output: options.output!, cities: stays.length, tokens: counter.count(text) },
      tokens: tokens[0]!,
      solve: (seen) => (seen.every(Boolean) ? text : 'The text does not say enough to plan the trip.'),
      check: (said) => scoreTrip(made, said),
    },
  ]
})
