import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { elsewhere, entryLine, journey, planText, scoreJourney } from '../generators/journey.ts'

export const meta = {
  name: 'travel-plan',
  summary: 'A journey to be planned from entries between noise, checked against what must fit and what was wished for.',
  paper: 'Chen et al. 2024, Can We Rely on LLM Agents to Draft Long-Horizon Plans?, arXiv 2408.06318',
  options: { cities: 1, noise: 0.5 },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const entryTokens = 24

/** `cities` is 1 to 3, for 3, 5 or 7 days; `noise` is the share of the rest of the text that is entries of other cities, else prose. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options } = request
  const cities = Math.min(3, Math.max(1, Number(options.cities)))
  const made = journey(cities, random)
  const { wishes, entries, used, plan } = made
  const days = plan.length
  const wished = [
    `at most ${wishes.budget} coins in all`,
    `a meal each of ${wishes.cuisines.join(' and ')} food`,
    `a ${wishes.room} every night`,
    ...(wishes.pets ? ['houses in which pets are welcome'] : []),
    ...(wishes.flights ? [] : ['no flight']),
  ]
  const asked = {
    instruction: 'The text below holds entries on rides, houses, meals and sights, one a line, between other text.',
    question: `Plan ${days} days for ${wishes.people} ${wishes.people === 1 ? 'person' : 'people'} from ${wishes.from} to ${wishes.cities.join(', then ')} and back, two nights in each city. There must be: ${wished.join('; ')}. Two people share a room. No place to eat and no sight comes twice, and a house is taken for as many nights as it asks for. The day of a ride counts for the city to which it goes, the last day for the city that is left. Write one line a day in this form, with "-" where there is nothing: "Day 1: city: NAME; ride: CODE; meals: NAME, NAME; sight: NAME; stay: NAME". The last day has one meal, no sight and no stay.`,
  }
  const lines = entries.map(entryLine)
  const room = weaver.room([asked], lines)
  const noise = elsewhere(Math.max(0, Math.floor((room * Number(options.noise)) / entryTokens) - 2), random)
  const blocks = [...lines, ...noise].map((text) => ({ text, depth: random() }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  const names = used.map((at) => entries[at]!.name)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: names.map((name) => [name]),
      evidence: used.map((at) => spans[at]!),
      needs: used.map((_, at) => [at]),
      distractors: spans.slice(0, entries.length).flatMap((span, at) => (used.includes(at) ? [] : [{ span }])),
      tags: { length, cities, noise: options.noise!, people: wishes.people, 'noise-entries': noise.length },
      tokens: tokens[0]!,
      solve(seen) {
        const known = (name: string | undefined): boolean => seen[names.indexOf(name!)] === true
        return planText(
          plan.map(({ city, ride, meals, sight, stay }) => ({
            city,
            meals: meals.filter(known),
            ...(ride && known(ride) ? { ride } : {}),
            ...(sight && known(sight) ? { sight } : {}),
            ...(stay && known(stay) ? { stay } : {}),
          })),
        )
      },
      check: (said) => scoreJourney(made, said),
    },
  ]
})
