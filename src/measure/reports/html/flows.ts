// The page carries these functions as they are: they refer to nothing outside but types and each other.
import type * as Plots from '@observablehq/plot'
import { lengthText, scoreText } from '../../aggregates/text.ts'
import { apart, frameOf } from './charts.ts'
import { ledgerOfRows } from './tables.ts'
import type { GroupRow, Model, SplitRow } from './types.ts'

/** Where evidence goes, from left to right: what a step loses turns into its colour, what is left flows on below. */
export function flow(
  Plot: typeof Plots,
  model: Model,
  rows: readonly GroupRow[],
  size: { readonly width: number; readonly height: number },
  stages: readonly number[],
): Element {
  const { evidence, used, lost } = ledgerOfRows(model, rows)
  const reads = rows.some(({ reader }) => model.readers[reader]!.name !== 'none')
  const end = stages.length + 0.3
  let level = 1
  const left = [{ x: 0, y: 1 }]
  const bands: Plots.Markish[] = []
  const labels: { y: number; text: string; color: string }[] = []
  for (const [at, stage] of stages.entries()) {
    const share = lost[stage]! / evidence
    const next = Math.max(0, level - share)
    if (share > 0) {
      const color = `var(--loss-${model.losses[stage]})`
      const band = [
        { x: at, low: level, high: level },
        { x: at + 1, low: next, high: level },
        { x: end, low: next, high: level },
      ]
      bands.push(Plot.areaY(band, { x: 'x', y1: 'low', y2: 'high', curve: 'bump-x', fill: color }))
      labels.push({ y: (level + next) / 2, text: `${model.losses[stage]} ${scoreText(share, true)}`, color })
    }
    level = next
    left.push({ x: at + 1, y: level })
  }
  left.push({ x: end, y: level })
  const last = `${reads ? 'used' : 'handed on'} ${scoreText(used / evidence, true)}`
  labels.push({ y: used / evidence / 2, text: last, color: 'var(--used)' })
  const heights = apart(
    labels.map(({ y }) => y),
    13 / (size.height - 36),
  )
  const marks = labels.flatMap(({ text, color }, at): Plots.Markish[] => {
    const place = { x: [end], y: [heights[at]!] }
    return [
      Plot.dot([0], { ...place, dx: 9, r: 3.5, symbol: 'square', fill: color }),
      Plot.text([text], { ...place, text: [text], dx: 17, textAnchor: 'start', fill: 'currentColor' }),
    ]
  })
  const steps = stages.map((_, at) => at + 1)
  return Plot.plot({
    ...frameOf(4, 112, 26, 11),
    ...size,
    x: {
      domain: [0, end],
      ticks: steps,
      tickFormat: (value: number) => model.losses[stages[value - 1]!]!,
      tickSize: 0,
      label: null,
      ...((size.width - 116) / end < 56 ? { tickRotate: -24 } : {}),
    },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.areaY(left, { x: 'x', y: 'y', curve: 'bump-x', fill: 'var(--used)' }),
      ...bands,
      Plot.ruleX(steps, { x: (step: number) => step, stroke: 'var(--surface)', strokeOpacity: 0.6 }),
      ...marks,
    ],
  })
}

/** Scores by depth, from the start of the text at the top to its end, over lengths. */
export function depthMap(
  Plot: typeof Plots,
  model: Model,
  rows: readonly SplitRow[],
  size: { readonly width: number; readonly height: number },
  lengths: readonly number[],
): Element {
  const cells = [...Map.groupBy(rows, ({ order, length }) => `${order} ${length}`).values()].map((own) => ({
    order: own[0]!.order,
    length: own[0]!.length,
    score: own.reduce((sum, { mean }) => sum + mean, 0) / own.length,
    count: own.reduce((sum, { count }) => sum + count, 0),
  }))
  type Cell = (typeof cells)[number]
  const heat = ({ score }: Cell): number => Math.max(0, Math.min(9, Math.floor(score * 10)))
  const title = ({ order, length, score, count }: Cell): string =>
    `${lengthText(length)}, depth ${order * 10}–${order * 10 + 10}%\n${scoreText(score, model.share)}, ${count} results`
  const place = { x: 'length', y: 'order' } as const
  return Plot.plot({
    ...frameOf(38, 4, 22, 11),
    ...size,
    x: { type: 'band', domain: [...lengths], tickFormat: lengthText, tickSize: 0, label: null, padding: 0.03 },
    y: {
      type: 'band',
      domain: Array.from({ length: 10 }, (_, order) => order),
      tickFormat: (order: number) => `${order * 10}%`,
      tickSize: 0,
      label: null,
      padding: 0.05,
    },
    marks: [
      Plot.cell(cells, { ...place, fill: (cell: Cell) => `var(--heat-${heat(cell)})` }),
      Plot.text(cells, {
        ...place,
        text: (cell: Cell) => String(Math.round(cell.score * 100)),
        fill: (cell: Cell) => `var(--heat-ink-${heat(cell)})`,
      }),
      Plot.tip(cells, Plot.pointer({ ...place, title, fill: 'var(--surface)', stroke: 'var(--line)' })),
    ],
  })
}
