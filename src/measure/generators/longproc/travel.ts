import type { TokenCounter } from '../../../core/index.ts'
import { drawn, integer, shuffled } from '../../random.ts'
import { compareSteps, linesOf, nearest, tagged } from './steps.ts'

export interface Stay {
  readonly city: string
  readonly days: number
  /** Days on which the stay must begin and end. */
  readonly fixed?: readonly [start: number, end: number]
}
export interface Trip {
  readonly stays: readonly Stay[]
  /** Direct flights, one way. */
  readonly flights: readonly (readonly [from: string, to: string])[]
  readonly days: number
}
export interface Visit {
  readonly city: string
  readonly start: number
  readonly end: number
}

const flies = ({ flights }: Trip, from: string, to: string): boolean =>
  flights.some(([one, other]) => one === from && other === to)

/** Visits of a plan, one a line: `Day 1-5: Oslo`, or as published. Lines of flights are passed over. */
export const planIn = (said: string): Visit[] =>
  linesOf(tagged(said, 'Plan') ?? '').flatMap((line) => {
    const found =
      /^\W*day\s+(\d+)\s*[-\u2013]\s*(\d+)\W+(?:(?:arriving in .+? and )?visit(?:ing)?\s+)?(.+?)(?:\s+for \d+ days?)?\W*$/i.exec(
        line,
      )
    return found ? [{ city: found[3]!, start: Number(found[1]), end: Number(found[2]) }] : []
  })

/** Whether each constraint is met, and what it is, in words. */
export function constraintsOf(trip: Trip, plan: readonly Visit[]): { readonly what: string; readonly met: boolean }[] {
  const { stays, days } = trip
  const found: { what: string; met: boolean }[] = []
  const require = (what: string, met: boolean): void => void found.push({ what, met })
  for (const { city, days: stay, fixed } of stays) {
    const visits = plan.filter((visit) => visit.city === city)
    const [visit] = visits
    require(`${city} is visited once`, visits.length === 1)
    require(`${city} for ${stay} days`, visit !== undefined && visit.end - visit.start + 1 === stay)
    if (fixed)
      require(`${city} from day ${fixed[0]} to ${fixed[1]}`, visit?.start === fixed[0] && visit.end === fixed[1])
  }
  require('no other city', plan.every(({ city }) => stays.some((stay) => stay.city === city)))
  require('begins on day 1', plan[0]?.start === 1)
  require(`ends on day ${days}`, plan.at(-1)?.end === days)
  for (let at = 1; at < stays.length; at++) {
    const [before, next] = [plan[at - 1], plan[at]]
    require(`stay ${at + 1} begins when stay ${at} ends`, before !== undefined && before.end === next?.start)
    require(`a flight to stay ${at + 1}`, before !== undefined &&
      next !== undefined &&
      flies(trip, before.city, next.city))
  }
  return found
}

interface Step {
  readonly event: string
  readonly line: string
}

/** The search that the paper prescribes: from day 1 on, the fixed city that is due, else the others in their order. */
export function searchTrip(
  trip: Trip,
  mostSteps = 5000,
): { steps: readonly Step[]; plan: readonly Visit[] | undefined } {
  const { stays, days } = trip
  const steps: Step[] = []
  const plan: Visit[] = []
  const visit = (day: number): boolean => {
    if (plan.length === stays.length) return day === days
    const open = stays.filter(({ city }) => !plan.some((one) => one.city === city))
    const due = open.filter(({ fixed }) => fixed?.[0] === day)
    const options = due.length > 0 ? due : open.filter(({ fixed }) => !fixed)
    for (const { city, days: stay } of options) {
      if (steps.length > mostSteps) return false
      const end = day + stay - 1
      const last = plan.at(-1)?.city
      const next = open.filter((one) => one.fixed && one.city !== city).sort((a, b) => a.fixed![0] - b.fixed![0])[0]
      const indent = '-'.repeat(plan.length + 1)
      const note = (verdict: string, why: string): void =>
        void steps.push({
          event: `${day} ${city} ${end} ${verdict}`,
          line: `${indent} Day ${day}: try ${city} to day ${end}: ${why}`,
        })
      if (last !== undefined && !flies(trip, last, city)) note('flight', `no flight from ${last}.`)
      else if (next && end > next.fixed![0]) note('late', `too late for ${next.city} on day ${next.fixed![0]}.`)
      else {
        note('goes', 'goes.')
        plan.push({ city, start: day, end })
        if (visit(end)) return true
        plan.pop()
      }
    }
    steps.push({
      event: `${day} back`,
      line: `${'-'.repeat(plan.length + 1)} Day ${day}: nothing is left to try, go back.`,
    })
    return false
  }
  return visit(1) ? { steps, plan } : { steps, plan: undefined }
}

export function tripEvents(said: string): string[] {
  const trace = said.includes('<Plan>') ? said.slice(0, said.indexOf('<Plan>')) : said
  return linesOf(trace).flatMap((line) => {
    const back = /day (\d+): nothing is left/i.exec(line)
    if (back) return [`${back[1]} back`]
    const found = /day (\d+): try (.+?) to day (\d+): (.*)$/i.exec(line)
    if (!found) return []
    const verdict = /no flight/i.test(found[4]!) ? 'flight' : /too late/i.test(found[4]!) ? 'late' : 'goes'
    return [`${found[1]} ${found[2]} ${found[3]} ${verdict}`]
  })
}

/** `plan`: every constraint is met, which is the paper's accuracy; `constraints`: the share that is. */
export function scorePlan(trip: Trip, said: string): { plan: number; constraints: number } {
  const checked = constraintsOf(trip, planIn(said))
  const met = checked.filter((one) => one.met).length
  return { plan: met === checked.length ? 1 : 0, constraints: met / checked.length }
}

/** `exact`: the search is the prescribed one, step by step, and the plan meets every constraint. */
export function scoreTrip(trip: Trip, said: string) {
  const gold = searchTrip(trip).steps.map(({ event }) => event)
  const { exact, steps } = compareSteps(gold, tripEvents(said))
  const scores = scorePlan(trip, said)
  return { exact: exact * scores.plan, ...scores, steps }
}

const cities =
  'Aberdeen Bergen Cadiz Dijon Essen Faro Ghent Haarlem Innsbruck Jena Krakow Leipzig Malmo Nantes Odense Porto Quimper Riga Siena Tartu Udine Verona Wroclaw York Zadar'.split(
    ' ',
  )

export const tripText = (steps: readonly Step[], plan: readonly Visit[]): string =>
  `${steps.map(({ line }) => line).join('\n')}\n<Plan>\n${plan.map(({ city, start, end }) => `Day ${start}-${end}: ${city}`).join('\n')}\n</Plan>`

/** A trip whose search fills the tokens asked for. */
export const trip = (tokens: number, counter: TokenCounter, random: () => number): Trip & { readonly text: string } =>
  nearest(
    () => {
      const count = tokens < 1000 ? integer(4, 7, random) : integer(7, 10, random)
      const route = drawn(cities, count, random)
      let day = 1
      const stays = route.map((city): Stay => {
        const days = integer(2, 5, random)
        const end = day + days - 1
        const stay: Stay = random() < 0.25 && day > 1 ? { city, days, fixed: [day, end] } : { city, days }
        day = end
        return stay
      })
      const flights = route.slice(1).map((to, at) => [route[at]!, to] as const)
      const more = route.flatMap((from) =>
        route.filter((to) => to !== from && random() < 0.35).map((to) => [from, to] as const),
      )
      const all = [...flights, ...more.filter(([from, to]) => !flights.some((one) => one[0] === from && one[1] === to))]
      const made: Trip = { stays: shuffled(stays, random), flights: shuffled(all, random), days: day }
      const { steps, plan } = searchTrip(made, tokens / 8)
      return plan && { ...made, text: tripText(steps, plan) }
    },
    ({ text }) => text,
    tokens,
    counter,
  )
