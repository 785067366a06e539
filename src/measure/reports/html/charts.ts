// The page carries these functions as they are: they refer to nothing outside but types and each other.
import type * as Plots from '@observablehq/plot'
import { amountText, rangeText, scoreText } from '../../aggregates/text.ts'
import type { Estimate } from '../../stats.ts'
import { leaderboard, meanOverCells } from './model.ts'
import type { Choice, GroupRow, Model } from './types.ts'

export interface Look {
  readonly color: string
  readonly dash: string
  readonly symbol: 'circle'
  readonly fill: string
}
export interface Point extends Estimate {
  readonly x: number
  /** What is told of it. */
  readonly more?: string
}
export interface Series extends Look {
  readonly name: string
  readonly reference: boolean
  readonly points: readonly Point[]
}
export interface Axis {
  readonly ticks: readonly number[]
  tick(value: number): string
  readonly label?: string
  /** Places with even distances, or a logarithmic scale. */
  readonly type: 'point' | 'log'
}

/** How one of several things is drawn everywhere: a colour, a dash and a mark, any one of which is enough to know it by. */
export function lookAt(place: number, reference: boolean): Look {
  if (reference) {
    const dashes = ['2,3', '7,3', '1,4', '7,3,2,3', '4,4']
    const symbols = ['plus', 'times', 'asterisk', 'triangle2', 'square2']
    return {
      color: 'var(--reference)',
      dash: dashes[place % 5]!,
      symbol: symbols[place % 5]! as 'circle',
      fill: 'var(--surface)',
    }
  }
  const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'diamond2', 'cross', 'wye']
  const color = `var(--series-${place % 8})`
  const symbol = symbols[(place + (place >> 3)) % 8]! as 'circle'
  return { color, dash: place < 8 ? 'none' : '6,3', symbol, fill: color }
}

export function lookOf(model: Model, system: number): Look {
  const { reference } = model.systems[system]!
  return lookAt(model.systems.slice(0, system).filter((other) => other.reference === reference).length, reference)
}

export function frameOf(left: number, right: number, bottom: number, size = 12): Plots.PlotOptions {
  return {
    marginLeft: left,
    marginRight: right,
    marginTop: 10,
    marginBottom: bottom,
    style: { background: 'transparent', fontSize: `${size}px`, fontFamily: 'inherit', overflow: 'visible' },
  }
}

export function scoreTick(value: number, share: boolean): string {
  return share ? String(Math.round(value * 100)) : amountText(value)
}

export function topOf(model: Model, points: readonly Estimate[]): number {
  return model.share ? 1 : Math.max(...points.map(({ high }) => high))
}

/** Estimates over something: a line, its band or its intervals, and its marks, for each series. */
export function curves(
  Plot: typeof Plots,
  model: Model,
  series: readonly Series[],
  size: { readonly width: number; readonly height: number },
  axis: Axis,
  bands = true,
): Element {
  const all = series.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })))
  const marks: Plots.Markish[] = [Plot.gridY({ strokeOpacity: 0.14 })]
  // What is drawn first lies below: bands, then reference lines, then the systems.
  const order = [...series].sort((one, other) => Number(other.reference) - Number(one.reference))
  for (const { points, color, reference } of order) {
    if (bands && !reference)
      marks.push(Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.15 }))
    if (!bands) marks.push(Plot.ruleX(points, { x: 'x', y1: 'low', y2: 'high', stroke: color, strokeOpacity: 0.5 }))
  }
  for (const { points, color, dash, symbol, fill, reference } of order) {
    const place = { x: 'x', y: 'mean', stroke: color } as const
    marks.push(Plot.line(points, { ...place, strokeWidth: reference ? 1.4 : 2.2, strokeDasharray: dash }))
    marks.push(Plot.dot(points, { ...place, symbol, r: reference ? 3.2 : 4, fill }))
  }
  const title = ({ name, x, mean, low, high, count, more }: (typeof all)[number]): string =>
    `${name}\n${more ?? axis.tick(x)}\n${scoreText(mean, model.share)} (${rangeText(low, high, model.share)}), ${count} results`
  const tip = Plot.tip(all, Plot.pointer({ x: 'x', y: 'mean', title, fill: 'var(--surface)', stroke: 'var(--line)' }))
  const labelled = axis.type === 'point' && size.width >= 640
  const longest = Math.min(26, Math.max(...series.map(({ name }) => name.length)))
  const bottom = axis.label ? 40 : 24
  return Plot.plot({
    ...frameOf(34, labelled ? 34 + 6.6 * longest : 14, bottom),
    ...size,
    x: {
      ...(axis.type === 'log' ? { type: 'log', inset: 14 } : { type: 'point', domain: [...axis.ticks] }),
      ticks: axis.type === 'log' ? logTicks(all, size.width) : [...axis.ticks],
      tickSize: 0,
      tickFormat: (value: number) => axis.tick(value),
      label: axis.label ?? null,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: [0, topOf(model, all)],
      ticks: size.height < 200 ? 3 : 5,
      tickSize: 0,
      tickFormat: (value: number) => scoreTick(value, model.share),
      label: null,
    },
    marks: [...marks, ...(labelled ? endLabels(Plot, series, size.height - bottom - 10, topOf(model, all)) : []), tip],
  })
}

/** Names at the right of their lines, moved apart where lines end close to each other. */
export function endLabels(Plot: typeof Plots, series: readonly Series[], height: number, top: number): Plots.Markish[] {
  const ends = series.filter(({ points }) => points.length > 0)
  const heights = apart(
    ends.map(({ points }) => points.at(-1)!.mean / top),
    14 / height,
  )
  return ends.flatMap(({ name, color, symbol, fill }, at): Plots.Markish[] => {
    const place = { frameAnchor: 'right', y: [heights[at]! * top], fill: 'currentColor' } as const
    const text = name.length > 26 ? `${name.slice(0, 25)}…` : name
    return [
      Plot.dot([0], { ...place, dx: 14, r: 3.5, symbol, fill, stroke: color }),
      Plot.text([text], { ...place, text: [text], dx: 24, textAnchor: 'start' }),
    ]
  })
}

/** One, two and five of each power of ten, or the powers alone where there is little room. */
export function logTicks(points: readonly Point[], width: number): number[] {
  const values = points.map(({ x }) => x)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const wide = width > 480 || high / low < 20
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
    for (const step of wide ? [1, 2, 5] : [1]) {
      const tick = step * 10 ** power
      if (tick >= low && tick <= high) ticks.push(tick)
    }
  return ticks
}

/** Rows by something, as points: the mean over cells. */
export function pointsBy(rows: readonly GroupRow[], place: (row: GroupRow) => number): Point[] {
  return [...Map.groupBy(rows, place)]
    .flatMap(([x, own]) => {
      const estimate = meanOverCells(own)
      return estimate ? [{ ...estimate, x }] : []
    })
    .sort((one, other) => one.x - other.x)
}

export function seriesBySystem(
  model: Model,
  rows: readonly GroupRow[],
  isShown: (system: number) => boolean,
  points: (rows: readonly GroupRow[]) => readonly Point[],
): Series[] {
  return [...Map.groupBy(rows, ({ system }) => system)]
    .filter(([system]) => isShown(system))
    .sort(([one], [other]) => one - other)
    .map(([system, own]) => ({ ...model.systems[system]!, ...lookOf(model, system), points: points(own) }))
}

/** Each system's score with its interval, the best first. */
export function ranks(Plot: typeof Plots, model: Model, choice: Choice, width: number): Element {
  const { lines } = leaderboard(model, choice)
  const wide = width > 560
  const longest = Math.max(...lines.map(({ system }) => model.systems[system]!.name.length))
  const left = wide ? Math.min(280, 24 + 6.6 * longest) : 6
  const y = (_: unknown, at: number): number => at
  const dy = wide ? 0 : 8
  const marks = lines.flatMap(({ system, overall }, at): Plots.Markish[] => {
    const { color, fill, symbol } = lookOf(model, system)
    const place = { y: at, dy }
    return [
      Plot.ruleY([overall], {
        ...place,
        y: () => at,
        x1: 'low',
        x2: 'high',
        stroke: color,
        strokeWidth: 3,
        strokeOpacity: 0.5,
      }),
      Plot.dot([overall], { ...place, y: () => at, x: 'mean', r: 5, symbol, fill, stroke: color }),
    ]
  })
  const name = ({ system }: (typeof lines)[number]): string => model.systems[system]!.name
  const score = ({ overall }: (typeof lines)[number]): string => scoreText(overall.mean, model.share)
  return Plot.plot({
    ...frameOf(left, 46, 26),
    width,
    height: ranksHeight(lines.length, width),
    x: {
      domain: [
        0,
        topOf(
          model,
          lines.map(({ overall }) => overall),
        ),
      ],
      tickFormat: (value: number) => scoreTick(value, model.share),
      ticks: 5,
      tickSize: 0,
      grid: true,
      label: null,
    },
    y: { type: 'band', domain: lines.map(y), axis: null },
    marks: [
      ...marks,
      Plot.text(lines, {
        y,
        frameAnchor: 'left',
        text: name,
        textAnchor: wide ? 'end' : 'start',
        dx: wide ? -12 : 0,
        dy: wide ? 0 : -8,
        fill: 'currentColor',
      }),
      Plot.text(lines, {
        y,
        x: ({ overall }: (typeof lines)[number]) => overall.high,
        text: score,
        textAnchor: 'start',
        dx: 8,
        dy,
        fontWeight: 600,
        fill: 'currentColor',
      }),
    ],
  })
}

export function ranksHeight(lines: number, width: number): number {
  return lines * (width > 560 ? 26 : 40) + 40
}

/** Scores side by side within each of several classes, with their intervals. */
export function dots(
  Plot: typeof Plots,
  model: Model,
  series: readonly Series[],
  classes: readonly string[],
  width: number,
): Element {
  const wide = width > 560
  const step = 10
  const all = series.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })))
  const marks = series.flatMap(({ points, color, symbol, fill }, at): Plots.Markish[] => {
    const dy = (at - (series.length - 1) / 2) * step + (wide ? 0 : 8)
    return [
      Plot.ruleY(points, { y: 'x', x1: 'low', x2: 'high', stroke: color, strokeOpacity: 0.5, strokeWidth: 2, dy }),
      Plot.dot(points, { y: 'x', x: 'mean', stroke: color, fill, symbol, r: 4, dy }),
    ]
  })
  const left = wide ? Math.min(240, 20 + 7 * Math.max(...classes.map(({ length }) => length))) : 6
  return Plot.plot({
    ...frameOf(left, 16, 26),
    width,
    height: dotsHeight(series.length, classes.length, width),
    x: {
      domain: [0, topOf(model, all)],
      tickFormat: (value: number) => scoreTick(value, model.share),
      ticks: 5,
      tickSize: 0,
      grid: true,
      label: null,
    },
    y: { type: 'band', domain: classes.map((_, at) => at), axis: null, padding: 0 },
    marks: [
      Plot.ruleY(classes.map((_, at) => at).slice(1), {
        y: (at: number) => at,
        stroke: 'var(--line)',
        dy: -(series.length * step + (wide ? 18 : 34)) / 2,
      }),
      ...marks,
      Plot.text(classes, {
        y: (_, at: number) => at,
        frameAnchor: 'left',
        text: (value: string) => value,
        textAnchor: wide ? 'end' : 'start',
        dx: wide ? -12 : 0,
        dy: wide ? 0 : -(series.length * step) / 2 - 4,
        fontWeight: 600,
        fill: 'currentColor',
      }),
    ],
  })
}

export function dotsHeight(series: number, classes: number, width: number): number {
  return classes * (series * 10 + (width > 560 ? 18 : 34)) + 36
}

/** A short line with its mark, for legends. */
export function swatchSvg(look: Look, symbolPath: (name: string) => string): string {
  return `<svg width="30" height="12" viewBox="-15 -6 30 12" aria-hidden="true"><path d="M-14 0H14" stroke="${look.color}" stroke-width="2" stroke-dasharray="${look.dash}"/><path d="${symbolPath(look.symbol)}" fill="${look.fill}" stroke="${look.color}" stroke-width="1.4"/></svg>`
}

/** The same heights moved so that no two are nearer than `least`, within 0 to 1. */
export function apart(heights: readonly number[], least: number): number[] {
  const order = heights.map((_, at) => at).sort((one, other) => heights[one]! - heights[other]!)
  const placed = [...heights]
  let low = least / 2
  for (const at of order) {
    placed[at] = Math.max(placed[at]!, low)
    low = placed[at]! + least
  }
  let high = 1 - least / 2
  for (const at of order.toReversed()) {
    placed[at] = Math.min(placed[at]!, high)
    high = placed[at]! - least
  }
  return placed
}
