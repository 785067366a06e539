// The page carries these functions as they are: they refer to nothing outside but types and each other.
import type * as Plots from '@observablehq/plot'
import { lookOf, swatchSvg } from './charts.ts'
import { leaderboard, modelOf } from './model.ts'
import {
  drawCosts,
  drawDepths,
  drawFlows,
  drawLengths,
  drawRanking,
  drawRanks,
  drawSplits,
  showSamples,
} from './sections.ts'
import { costHtml, leaderboardHtml, ledgerHtml, scoresHtml, seedsHtml } from './tables.ts'
import { choiceHtml } from './text.ts'
import type { Choice, Model, Page, PageData } from './types.ts'

/** Most systems that are drawn at first, beside the reference lines. */
export function firstShown(model: Model, choice: Choice): Set<number> {
  const { lines } = leaderboard(model, choice)
  const own = lines.filter(({ system }) => !model.systems[system]!.reference).slice(0, 8)
  const references = model.systems.flatMap(({ reference }, system) => (reference ? [system] : []))
  return new Set([...own.map(({ system }) => system), ...references])
}

export function start(Plot: typeof Plots, symbolPath: (name: string) => string): void {
  const model = modelOf(JSON.parse(document.getElementById('data')!.textContent!) as PageData)
  const { mount, redraw, drawAll } = drawings()
  const page: Page = { Plot, model, choice: model.first, shown: firstShown(model, model.first), symbolPath, mount }
  const update = (): void => {
    redraw.clear()
    fillTables(page)
    for (const draw of [drawRanks, drawLengths, drawDepths, drawRanking, drawFlows, drawCosts, drawSplits]) draw(page)
    swatches(page)
  }
  controls(page, update)
  legend(page, update)
  update()
  showSamples(page)
  sorting()
  themes()
  addEventListener('beforeprint', () => {
    for (const part of document.querySelectorAll('details')) part.open = true
    drawAll()
  })
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView()
}

/** Drawings wait until they are seen, and are drawn again when their width changes. */
export function drawings(): { mount: Page['mount']; redraw: Map<Element, () => void>; drawAll(): void } {
  const redraw = new Map<Element, () => void>()
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting) {
          seen.unobserve(target)
          redraw.get(target)?.()
        }
    },
    { rootMargin: '500px' },
  )
  const widths = new WeakMap<Element, number>()
  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const width = Math.floor(target.clientWidth)
      if (!widths.has(target) || widths.get(target) === width) continue
      redraw.get(target)?.()
    }
  })
  const mount: Page['mount'] = (box, label, height, draw) => {
    box.replaceChildren()
    box.style.height = `${height(box.clientWidth)}px`
    redraw.set(box, () => {
      const width = Math.floor(box.clientWidth)
      if (width === 0) return
      widths.set(box, width)
      const drawn = draw(width)
      drawn.setAttribute('role', 'img')
      drawn.setAttribute('aria-label', label)
      box.style.height = `${height(width)}px`
      box.replaceChildren(drawn)
    })
    seen.unobserve(box)
    seen.observe(box)
    sized.observe(box)
  }
  return { mount, redraw, drawAll: () => redraw.forEach((draw) => void draw()) }
}

export function fillTables({ model, choice }: Page): void {
  const tables: Record<string, () => string> = {
    leaderboard: () => leaderboardHtml(model, choice),
    ranking: () => scoresHtml(model, choice, true),
    ledger: () => ledgerHtml(model, choice),
    cost: () => costHtml(model, choice),
    scores: () => scoresHtml(model, choice, false),
    seeds: () => seedsHtml(model, choice),
  }
  for (const box of document.querySelectorAll<HTMLElement>('[data-table]')) {
    const make = tables[box.dataset.table!]
    if (make) box.innerHTML = make()
  }
  for (const line of document.querySelectorAll<HTMLElement>('[data-choice]'))
    line.innerHTML = choiceHtml(model, choice, line.dataset.choice!)
}

export function controls(page: Page, update: () => void): void {
  for (const name of ['task', 'budget', 'reader'] as const) {
    const select = document.querySelector<HTMLSelectElement>(`#choose-${name}`)
    if (!select) continue
    select.value = String(page.choice[name])
    select.addEventListener('change', () => {
      page.choice = { ...page.choice, [name]: Number(select.value) }
      update()
    })
  }
  document.addEventListener('change', (event) => {
    if (event.target instanceof HTMLElement && event.target.matches('[data-local]')) update()
  })
}

/** A button for each system: what is switched off is not drawn; tables show all. */
export function legend(page: Page, update: () => void): void {
  const box = document.getElementById('legend')
  if (!box) return
  for (const button of box.querySelectorAll<HTMLButtonElement>('button')) {
    const system = Number(button.dataset.toggle)
    button.setAttribute('aria-pressed', String(page.shown.has(system)))
    button.addEventListener('click', () => {
      if (page.shown.has(system)) page.shown.delete(system)
      else page.shown.add(system)
      button.setAttribute('aria-pressed', String(page.shown.has(system)))
      update()
    })
  }
}

export function swatches({ model, symbolPath }: Page): void {
  for (const box of document.querySelectorAll<HTMLElement>('.swatch[data-system]'))
    if (!box.firstChild) box.innerHTML = swatchSvg(lookOf(model, Number(box.dataset.system)), symbolPath)
}

/** A click on a heading sorts by it, a second one the other way round. */
export function sorting(): void {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button.sort') : null
    const heading = button?.closest('th')
    const table = heading?.closest('table')
    if (!heading || !table) return
    const at = [...heading.parentElement!.children].indexOf(heading)
    const numeric = heading.classList.contains('number')
    const now = heading.getAttribute('aria-sort')
    const down = now ? now === 'ascending' : numeric
    for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort')
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const body = table.tBodies[0]!
    const value = (row: Element): string | number => {
      const cell = row.children[at] as HTMLElement
      if (!numeric) return (cell.querySelector('.name') ?? cell).textContent ?? ''
      // What has no number comes last, whichever way.
      return cell.dataset.value
        ? Number(cell.dataset.value)
        : down
          ? Number.NEGATIVE_INFINITY
          : Number.POSITIVE_INFINITY
    }
    const sign = down ? -1 : 1
    const rows = [...body.rows].sort((one, other) => {
      const [first, second] = [value(one), value(other)]
      if (typeof first === 'string') return sign * first.localeCompare(String(second), 'en', { numeric: true })
      return first === second ? 0 : sign * (first < Number(second) ? -1 : 1)
    })
    body.append(...rows)
  })
}

export function themes(): void {
  const button = document.getElementById('theme')
  const names = ['auto', 'light', 'dark']
  const read = (): string => {
    try {
      return localStorage.getItem('fovea-theme') ?? 'auto'
    } catch {
      return 'auto'
    }
  }
  const show = (name: string): void => {
    document.documentElement.style.colorScheme = name === 'auto' ? 'light dark' : name
    if (button) button.textContent = `Theme: ${name}`
  }
  show(read())
  button?.addEventListener('click', () => {
    const next = names[(names.indexOf(read()) + 1) % names.length]!
    try {
      localStorage.setItem('fovea-theme', next)
    } catch {
      // A page from a file may not be allowed to keep anything; the theme then lasts as long as the page.
    }
    show(next)
  })
}
