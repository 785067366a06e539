// The page carries these functions as they are: they refer to nothing outside but types and each other.
import { originText, rangeText, scoreText } from '../../aggregates/text.ts'
import type { Origin } from '../../contract.ts'
import type { Estimate } from '../../stats.ts'
import type { Choice, Model } from './types.ts'

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

export function estimateHtml({ mean, low, high, count }: Estimate, share: boolean): string {
  const range = rangeText(low, high, share)
  return `<b>${scoreText(mean, share)}</b> <small title="95% interval, ${count} results">${range}</small>`
}

export function badgeHtml(origin: Origin): string {
  return `<span class="badge ${origin}" title="${originText(origin)}">${origin}</span>`
}

/** A table whose columns sort by a click; a cell is HTML with the number that it sorts by. */
export function tableHtml(
  caption: string,
  columns: readonly { readonly name: string; readonly number?: boolean }[],
  rows: readonly {
    readonly kind?: string
    readonly cells: readonly (string | readonly [html: string, value: number])[]
  }[],
): string {
  const head = columns
    .map(({ name, number }) => {
      const label = escapeText(name)
      return `<th scope="col"${number ? ' class="number"' : ''}><button type="button" class="sort">${label}</button></th>`
    })
    .join('')
  const body = rows.map(({ kind, cells }) => {
    const inner = cells.map((cell, at) => {
      if (typeof cell === 'string') return at === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`
      return `<td class="number" data-value="${Number.isFinite(cell[1]) ? cell[1] : ''}">${cell[0]}</td>`
    })
    return `<tr${kind ? ` class="${kind}"` : ''}>${inner.join('')}</tr>`
  })
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeText(caption)}"><table><caption>${escapeText(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** What a section shows, in words: which tasks, which budget, and who read. `parts` names what the section follows. */
export function choiceHtml(model: Model, { task, budget, reader }: Choice, parts: string): string {
  const { name, origin } = model.readers[reader] ?? { name: 'none', origin: 'computed' as const }
  const found: Record<string, string> = {
    task:
      task < 0
        ? model.tasks.length === 1
          ? escapeText(model.tasks[0]!)
          : 'all tasks'
        : escapeText(model.tasks[task]!),
    budget: `budget ${escapeText(model.budgets[budget] ?? '–')}`,
    reader: `${name === 'none' ? 'no reader' : `read by ${escapeText(name)}`} ${badgeHtml(origin)}`,
  }
  return parts
    .split(' ')
    .map((part) => found[part] ?? '')
    .join(' · ')
}
