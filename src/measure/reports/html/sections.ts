// The page carries these functions as they are: they refer to nothing outside but types and each other.

import { amountText, lengthText } from '../../aggregates/text.ts'
import {
  curves,
  dots,
  dotsHeight,
  lookAt,
  lookOf,
  pointsBy,
  ranks,
  ranksHeight,
  type Series,
  seriesBySystem,
  swatchSvg,
} from './charts.ts'
import { depthMap, flow } from './flows.ts'
import { byCell, chosenRows, leaderboard, meanOverCells, standingOf } from './model.ts'
import { costOf, ledgerOfRows, nothingHtml, splitHtml, systemHtml } from './tables.ts'
import { badgeHtml, escapeText } from './text.ts'
import type { GroupRow, Page, ShownView } from './types.ts'
import { sampleHtml } from './viewer.ts'

export function boxOf(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-chart="${name}"]`)
}

export function localValue(name: string): string {
  return document.querySelector<HTMLSelectElement>(`[data-local="${name}"]`)?.value ?? ''
}

/** Boxes with a heading each, as many as there are parts. */
export function grid(box: HTMLElement, names: readonly string[]): HTMLElement[] {
  box.replaceChildren()
  return names.map((name) => {
    const figure = document.createElement('figure')
    figure.innerHTML = `<figcaption>${name}</figcaption><div class="drawing"></div>`
    box.append(figure)
    return figure.querySelector<HTMLElement>('.drawing')!
  })
}

export function drawRanks({ Plot, model, choice, mount }: Page): void {
  const box = boxOf('ranks')
  if (!box) return
  const { lines } = leaderboard(model, choice)
  if (lines.length === 0) {
    box.replaceChildren()
    box.style.height = '0'
    return
  }
  const height = (width: number): number => ranksHeight(lines.length, width)
  mount(box, 'Scores with intervals, the best first; the table below has the numbers', height, (width) =>
    ranks(Plot, model, choice, width),
  )
}

/** Score over length and over budget. */
export function drawLengths(page: Page): void {
  const { Plot, model, choice, mount, shown } = page
  const isShown = (system: number): boolean => shown.has(system)
  const lengths = [...new Set(model.groups.map(({ length }) => length))]
    .filter(Boolean)
    .sort((one, other) => one - other)
  const overLength = { ticks: lengths, tick: lengthText, type: 'point' } as const
  const byLength = (rows: readonly GroupRow[]) => pointsBy(rows, ({ length }) => length)
  const big = boxOf('lengths')
  if (big) {
    const compared = localValue('compare') || 'systems'
    const series = compared === 'systems' ? undefined : comparedSeries(page, compared)
    const own = document.getElementById('compared')!
    own.innerHTML = (series ?? [])
      .map((one) => `<span class="chip">${swatchSvg(one, page.symbolPath)} ${one.name} ${one.badge}</span>`)
      .join('')
    const rows = chosenRows(model, choice).filter(({ length }) => length > 0)
    const lines = series ?? seriesBySystem(model, rows, isShown, byLength)
    mount(
      big,
      'Score over length, a line for each',
      (width) => (width > 560 ? 360 : 280),
      (width) => curves(Plot, model, lines, { width, height: width > 560 ? 360 : 280 }, overLength),
    )
  }
  const small = boxOf('lengths-by-cell')
  if (small) {
    const cells = byCell(model, choice)
      .map(({ name, rows }) => ({ name, rows: rows.filter(({ length }) => length > 0) }))
      .filter(({ rows }) => new Set(rows.map(({ length }) => length)).size > 1)
    const boxes = grid(
      small,
      cells.map(({ name }) => escapeText(name)),
    )
    for (const [at, { name, rows }] of cells.entries())
      mount(
        boxes[at]!,
        `${name}: score over length`,
        () => 190,
        (width) =>
          curves(
            Plot,
            model,
            seriesBySystem(model, rows, isShown, byLength),
            { width, height: 190 },
            overLength,
            cells.length < 5,
          ),
      )
  }
  const budgets = boxOf('budgets')
  if (budgets) {
    const rows = chosenRows(model, { ...choice, budget: -1 })
    const ticks = [...new Set(rows.map(({ budget }) => budget))].sort((one, other) => one - other)
    const axis = { ticks, tick: (budget: number) => model.budgets[budget]!, label: 'budget', type: 'point' } as const
    const lines = seriesBySystem(model, rows, isShown, (own) => pointsBy(own, ({ budget }) => budget))
    mount(
      budgets,
      'Score over budget, a line for each system',
      (width) => (width > 560 ? 320 : 270),
      (width) => curves(Plot, model, lines, { width, height: width > 560 ? 320 : 270 }, axis),
    )
  }
}

/** One system over lengths, a line for each reader or budget. */
export function comparedSeries({ model, choice }: Page, compared: string): (Series & { badge: string })[] {
  const [kind, system] = compared.split(' ')
  const part = kind === 'readers' ? 'reader' : 'budget'
  const rows = chosenRows(model, { ...choice, [part]: -1 }).filter(
    (row) => row.system === Number(system) && row.length > 0,
  )
  return [...Map.groupBy(rows, (row) => row[part])]
    .sort(([one], [other]) => one - other)
    .map(([value, own], at) => ({
      name: part === 'reader' ? escapeText(model.readers[value]!.name) : `budget ${escapeText(model.budgets[value]!)}`,
      badge: part === 'reader' ? badgeHtml(model.readers[value]!.origin) : '',
      reference: false,
      ...lookAt(at, false),
      points: pointsBy(own, ({ length }) => length),
    }))
}

export function drawDepths({ Plot, model, choice, mount, shown }: Page): void {
  const box = boxOf('depths')
  if (!box) return
  const rows = model.depths.filter(
    (row) =>
      (choice.task < 0 || row.task === choice.task) && row.budget === choice.budget && row.reader === choice.reader,
  )
  const lengths = [...new Set(rows.map(({ length }) => length))].sort((one, other) => one - other)
  const systems = [...Map.groupBy(rows, ({ system }) => system)]
    .filter(([system]) => shown.has(system))
    .sort(([one], [other]) => one - other)
  const boxes = grid(
    box,
    systems.map(([system]) => systemHtml(model, system, true)),
  )
  if (systems.length === 0) box.innerHTML = nothingHtml()
  for (const [at, [system, own]] of systems.entries())
    mount(
      boxes[at]!,
      `${model.systems[system]!.name}: score by depth and length`,
      () => 236,
      (width) => depthMap(Plot, model, own, { width, height: 236 }, lengths),
    )
}

export function drawRanking({ Plot, model, choice, mount, shown }: Page): void {
  for (const name of ['recall', 'all-gold']) {
    const box = boxOf(name)
    if (!box) continue
    const depthOf = (score: number): number =>
      Number(new RegExp(`^${name}@(\\d+)$`).exec(model.scores[score]!)?.[1] ?? 0)
    const rows = model.board.filter(
      (row) =>
        row.task === choice.task &&
        row.budget === choice.budget &&
        row.reader === choice.reader &&
        depthOf(row.score) > 0,
    )
    const ticks = [...new Set(rows.map(({ score }) => depthOf(score)))].sort((one, other) => one - other)
    const series = [...Map.groupBy(rows, ({ system }) => system)]
      .filter(([system]) => shown.has(system))
      .map(([system, own]) => ({
        ...model.systems[system]!,
        ...lookOf(model, system),
        points: own
          .map((row) => ({ ...row, x: depthOf(row.score), more: `${name}@${depthOf(row.score)}` }))
          .sort((one, other) => one.x - other.x),
      }))
    mount(
      box,
      `${name} at k, a line for each system`,
      () => 230,
      (width) =>
        curves(Plot, model, series, { width, height: 230 }, { ticks, tick: String, label: 'k', type: 'point' }),
    )
  }
}

export function drawFlows({ Plot, model, choice, mount, shown }: Page): void {
  const box = boxOf('flows')
  if (!box) return
  const all = chosenRows(model, choice)
  const { lost } = ledgerOfRows(model, all)
  const stages = lost.flatMap((count, stage) => (count > 0 ? [stage] : []))
  const systems = [...Map.groupBy(all, ({ system }) => system)]
    .filter(([system, rows]) => shown.has(system) && ledgerOfRows(model, rows).evidence > 0)
    .sort(([one], [other]) => one - other)
  const boxes = grid(
    box,
    systems.map(([system]) => systemHtml(model, system, true)),
  )
  if (systems.length === 0) box.innerHTML = nothingHtml()
  for (const [at, [system, rows]] of systems.entries())
    mount(
      boxes[at]!,
      `${model.systems[system]!.name}: where evidence was lost`,
      (width) => (width > 380 ? 190 : 150),
      (width) => flow(Plot, model, rows, { width, height: width > 380 ? 190 : 150 }, stages),
    )
}

export function drawCosts({ Plot, model, choice, mount, shown }: Page): void {
  const box = boxOf('costs')
  if (!box) return
  const kind = (localValue('cost') || 'tokens') as keyof ReturnType<typeof costOf>
  const names = { tokens: 'tokens handed on', calls: 'calls', dollars: 'US dollars', seconds: 'seconds' }
  const series = seriesBySystem(
    model,
    chosenRows(model, { ...choice, budget: -1 }),
    (system) => shown.has(system),
    (rows) =>
      [...Map.groupBy(rows, ({ budget }) => budget)]
        .flatMap(([budget, own]) => {
          const estimate = meanOverCells(own)
          const x = costOf(own)[kind]
          const more = `budget ${model.budgets[budget]}: ${amountText(x)} ${names[kind]}`
          return estimate && x > 0 ? [{ ...estimate, x, more }] : []
        })
        .sort((one, other) => one.x - other.x),
  ).filter(({ points }) => points.length > 0)
  if (series.length === 0) {
    box.innerHTML = '<p class="nothing">Nothing of this kind was spent.</p>'
    return
  }
  const axis = { ticks: [], tick: amountText, label: `${names[kind]}, for one question`, type: 'log' } as const
  mount(
    box,
    `Score against ${names[kind]}, a line for each system`,
    () => 360,
    (width) => curves(Plot, model, series, { width, height: 360 }, axis, false),
  )
}

export function drawSplits({ Plot, model, choice, mount, shown }: Page): void {
  const box = boxOf('splits')
  const table = document.getElementById('split-table')
  const select = document.querySelector<HTMLSelectElement>('[data-local="split"]')
  if (!box || !table || !select) return
  for (const option of select.options)
    option.hidden = choice.task >= 0 && Number(option.value.split(' ')[0]) !== choice.task
  if (select.selectedOptions[0]?.hidden) select.value = [...select.options].find(({ hidden }) => !hidden)?.value ?? ''
  const [task = -1, tag = -1] = select.value === '' ? [] : select.value.split(' ').map(Number)
  const rows = model.splits.filter(
    (row) => row.task === task && row.tag === tag && row.budget === choice.budget && row.reader === choice.reader,
  )
  table.innerHTML = rows.length === 0 ? nothingHtml() : splitHtml(model, { ...choice, task }, tag)
  const classes = [...new Map(rows.map(({ order, value }) => [order, value]))].sort(([one], [other]) => one - other)
  const places = new Map(classes.map(([order], at) => [order, at]))
  const series = [...Map.groupBy(rows, ({ system }) => system)]
    .filter(([system]) => shown.has(system))
    .sort(([one], [other]) => one - other)
    .map(([system, own]) => ({
      ...model.systems[system]!,
      ...lookOf(model, system),
      points: own.map((row) => ({ ...row, x: places.get(row.order)! })),
    }))
  if (series.length === 0) {
    box.replaceChildren()
    box.style.height = '0'
    return
  }
  const values = classes.map(([, value]) => value)
  mount(
    box,
    'Score by the value of the tag',
    (width) => dotsHeight(series.length, values.length, width),
    (width) => dots(Plot, model, series, values, width),
  )
}

/** The samples to be looked at: one is chosen, then what one system did with it. */
export function showSamples({ model, choice }: Page): void {
  const box = document.getElementById('sample')
  const chooseSample = document.querySelector<HTMLSelectElement>('#choose-sample')
  const chooseView = document.querySelector<HTMLSelectElement>('#choose-view')
  if (!box || !chooseSample || !chooseView) return
  let jumped = -1
  const nameOf = ({ system, budget, reader }: Pick<ShownView, 'system' | 'budget' | 'reader'>): string =>
    `${system}, budget ${budget}${reader === '' || reader === 'none' ? '' : `, ${reader}`}`
  // The same reader and budget as above, and the best system.
  const standing = standingOf(model, choice)
  const first = nameOf({
    system: model.systems[standing?.best ?? 0]?.name ?? '',
    budget: model.budgets[choice.budget] ?? '',
    reader: model.readers[choice.reader]?.name ?? '',
  })
  const show = (): void => {
    const sample = model.samples[Number(chooseSample.value)]!
    jumped = -1
    box.innerHTML = sampleHtml(sample, sample.views[Number(chooseView.value)]!)
    const texts = box.querySelector<HTMLElement>('.texts')
    const pin = texts?.querySelector<HTMLElement>('.pin')
    if (texts && pin) texts.scrollTop = pin.offsetTop - 80
  }
  const fill = (): void => {
    const before = chooseView.selectedOptions[0]?.textContent ?? first
    const { views } = model.samples[Number(chooseSample.value)]!
    chooseView.replaceChildren(
      ...views.map((view, at) => new Option(nameOf(view), String(at), false, nameOf(view) === before)),
    )
    show()
  }
  const jump = (id: string): void => {
    const place = document.getElementById(id)
    place?.scrollIntoView({ block: 'center' })
    place?.focus({ preventScroll: true })
  }
  chooseSample.addEventListener('change', fill)
  chooseView.addEventListener('change', show)
  box.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-jump]') : null
    if (button) jump(button.dataset.jump!)
  })
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'n' && event.key !== 'p') return
    const count = box.querySelectorAll('.pin').length
    if (count === 0) return
    jumped = (jumped + (event.key === 'n' ? 1 : count - 1) + (jumped < 0 && event.key === 'p' ? 1 : 0)) % count
    jump(box.querySelectorAll('.pin')[jumped]!.id)
  })
  fill()
}
