// The page carries these functions as they are: they refer to nothing outside but types and each other.
import { scoreText } from '../../aggregates/text.ts'
import { badgeHtml, escapeText } from './text.ts'
import type { Place, ShownSample, ShownView } from './types.ts'

/** Characters of a place that others cover; those are in order and do not meet. */
export function coveredOf([source, start, end]: Place, others: readonly Place[]): number {
  let covered = 0
  for (const [other, from, to] of others)
    if (other === source) covered += Math.max(0, Math.min(end, to) - Math.max(start, from))
  return covered
}

export function isKept(place: Place, kept: readonly Place[]): boolean {
  return coveredOf(place, kept) >= 0.95 * (place[2] - place[1])
}

/** A piece of a source, cut where evidence or kept text begins or ends. */
export function pieceHtml(
  sample: ShownSample,
  kept: readonly Place[],
  source: number,
  start: number,
  text: string,
): string {
  const end = start + text.length
  const within = (place: Place): boolean => place[0] === source && place[1] < end && place[2] > start
  const evidence = sample.evidence.flatMap((place, number) => (within(place) ? [{ place, number }] : []))
  const own = kept.filter(within)
  const cuts = new Set([start, end])
  for (const place of [...evidence.map((one) => one.place), ...own])
    for (const at of [place[1], place[2]]) if (at > start && at < end) cuts.add(at)
  const order = [...cuts].sort((one, other) => one - other)
  let html = ''
  for (let at = 0; at + 1 < order.length; at++) {
    const [from, to] = [order[at]!, order[at + 1]!]
    const covers = (place: Place): boolean => place[1] <= from && place[2] >= to
    const pieces = evidence.filter(({ place }) => covers(place))
    const keeps = own.some(covers)
    for (const { place, number } of pieces)
      if (place[1] === from) {
        const state = isKept(place, kept) ? 'kept' : 'lost'
        html += `<span class="pin ${state}" id="evidence-${number}" tabindex="-1">${number + 1} ${state}</span>`
      }
    const inner = escapeText(text.slice(from - start, to - start))
    const kind = `${pieces.length > 0 ? 'evidence' : ''} ${keeps ? 'kept' : pieces.length > 0 ? 'lost' : ''}`.trim()
    html += kind ? `<mark class="${kind}">${inner}</mark>` : inner
  }
  return html
}

export function gapHtml(source: number, from: number, to: number, kept: readonly Place[]): string {
  if (to <= from) return ''
  const inside = coveredOf([source, from, to], kept)
  const part = inside > 0 ? `, ${inside.toLocaleString('en')} of them kept` : ''
  return `<span class="gap">… ${(to - from).toLocaleString('en')} characters not shown${part} …</span>`
}

export function textHtml(sample: ShownSample, kept: readonly Place[]): string {
  const parts = sample.sources.map(({ number, uri, length, pieces }) => {
    let at = 0
    let html = ''
    for (const [start, text] of pieces) {
      html += gapHtml(number, at, start, kept) + pieceHtml(sample, kept, number, start, text)
      at = start + text.length
    }
    html += gapHtml(number, at, length, kept)
    return `<section class="source"><h4>${escapeText(uri)} <small>${length.toLocaleString('en')} characters</small></h4><div class="text">${html}</div></section>`
  })
  const { without } = sample
  if (without > 0)
    parts.push(
      `<p class="gap">${without.toLocaleString('en')} other sources hold neither evidence nor kept text that is shown.</p>`,
    )
  return parts.join('')
}

/** What was asked, what would be right, what was said, and how it was scored. */
export function verdictHtml(sample: ShownSample, view: ShownView): string {
  const kept = sample.kept[view.kept]!
  const answers = sample.answers.map((forms) => forms.map(escapeText).join(' <i>or</i> '))
  const gold = answers.length === 0 ? '<i>nothing: only to abstain is right</i>' : answers.join('<br>')
  const said =
    view.failure === undefined
      ? view.said === undefined
        ? '<i>no reader was asked</i>'
        : escapeText(view.said) || '<i>nothing</i>'
      : `<b class="failed">${escapeText(view.failure)}</b>`
  const scores = Object.entries(view.scores).map(
    ([name, value]) => `<li>${escapeText(name)} <b>${scoreText(value, value >= 0 && value <= 1)}</b></li>`,
  )
  const lost = Object.entries(view.lost).map(
    ([loss, count]) => `${count} ${loss === 'unused' ? '' : 'at '}${escapeText(loss)}`,
  )
  const there = sample.evidence.filter((place) => isKept(place, kept)).length
  const pieces = sample.evidence.length
  const state =
    pieces === 0 ? 'none is marked' : `${there} of ${pieces} kept${lost.length > 0 ? `; lost: ${lost.join(', ')}` : ''}`
  const jumps = sample.evidence.map((place, number) => {
    const kind = isKept(place, kept) ? 'kept' : 'lost'
    return `<button type="button" class="jump ${kind}" data-jump="evidence-${number}">${number + 1} ${kind}</button>`
  })
  return `<dl class="sample">
<dt>Question</dt><dd>${escapeText(sample.question)}</dd>
<dt>Right answer</dt><dd>${gold}</dd>
<dt>Said ${badgeHtml(view.origin)}</dt><dd>${said}</dd>
<dt>Scores</dt><dd><ul class="scores">${scores.join('')}</ul></dd>
<dt>Evidence</dt><dd>${state}<div class="jumps">${jumps.join('')}</div></dd>
</dl>`
}

export function sampleHtml(sample: ShownSample, view: ShownView): string {
  return `${verdictHtml(sample, view)}<div class="texts" tabindex="0" role="region" aria-label="Text of the sample">${textHtml(sample, sample.kept[view.kept]!)}</div>`
}
