// The page carries these functions as they are: they refer to nothing outside but types and each other.

import { amountText, rangeText, scoreText } from '../../aggregates/text.ts'
import { cellText, chosenRows, leaderboard, meanOverCells, standingOf } from './model.ts'
import { escapeText, estimateHtml, tableHtml } from './text.ts'
import type { Choice, GroupRow, Model } from './types.ts'

export function nothingHtml(): string {
  return '<p class="nothing">There are no results of this choice.</p>'
}

export function systemHtml(model: Model, system: number, tagged = false): string {
  const { name, reference } = model.systems[system]!
  const tag = reference && tagged ? ' <span class="tag">reference</span>' : ''
  return `<span class="swatch" data-system="${system}"></span><span class="name">${escapeText(name)}</span>${tag}`
}

/** What a system's difference to the best one says, in words. */
export function verdictOf(
  model: Model,
  choice: Choice,
  system: number,
  cell = -1,
): 'best' | 'tied' | 'above' | 'below' | 'none' {
  const standing = standingOf(model, choice, cell)
  if (!standing) return 'none'
  if (standing.best === system) return 'best'
  const found = standing.others.find((other) => other[0] === system)
  if (!found) return 'none'
  if (found[5] !== 1) return 'tied'
  return found[1]! > 0 ? 'above' : 'below'
}

export function leaderboardHtml(model: Model, choice: Choice): string {
  const { cells, lines } = leaderboard(model, choice)
  if (lines.length === 0) return nothingHtml()
  const standing = standingOf(model, choice)
  const words = { best: 'best', tied: 'not told apart', above: 'above the best', below: '', none: '' }
  const rows = lines.map(({ system, overall, cells: own, failures, covered }) => {
    const { reference } = model.systems[system]!
    const verdict = verdictOf(model, choice, system)
    const other = standing?.others.find(([name]) => name === system)
    const sign = other && other[1]! > 0 ? '+' : ''
    const difference = other
      ? `<b>${sign}${scoreText(other[1]!, model.share)}</b> <small>${rangeText(other[2]!, other[3]!, model.share)}</small>`
      : '–'
    const part = covered < 1 ? ` <span class="tag">${Math.round(covered * 100)}% of the cells</span>` : ''
    const word = words[verdict] ? ` <span class="tag ${verdict}">${words[verdict]}</span>` : ''
    return {
      kind: `${reference ? 'reference' : ''} ${verdict}`.trim(),
      cells: [
        `${systemHtml(model, system, true)}${word}${part}`,
        [estimateHtml(overall, model.share), overall.mean] as const,
        [difference, other ? other[1]! : 0] as const,
        ...cells.map((cell) => {
          const estimate = own.get(cell)
          if (!estimate) return ['–', Number.NaN] as const
          const place = verdictOf(model, choice, system, cell)
          const mark = place === 'best' ? ' class="best"' : place === 'tied' ? ' class="tied"' : ''
          return [`<span${mark}>${estimateHtml(estimate, model.share)}</span>`, estimate.mean] as const
        }),
        [failures === 0 ? '0' : `<b class="failed">${failures}</b>`, failures] as const,
      ],
    }
  })
  const columns = [
    { name: 'System' },
    { name: cells.length === 1 ? 'Score' : `Mean of ${cells.length} cells`, number: true },
    { name: 'Against the best', number: true },
    ...cells.map((cell) => ({ name: cellText(model, cell), number: true })),
    { name: 'Failures', number: true },
  ]
  return tableHtml('Leaderboard', columns, rows)
}

/** Scores beside the main one: those of rankings, or all others. */
export function scoresHtml(model: Model, choice: Choice, ranking: boolean): string {
  const isRanking = (name: string): boolean => /^(recall|all-gold)@\d+$/.test(name)
  const rows = model.board.filter(
    ({ task, budget, reader, score }) =>
      task === choice.task &&
      budget === choice.budget &&
      reader === choice.reader &&
      isRanking(model.scores[score]!) === ranking,
  )
  if (rows.length === 0) return nothingHtml()
  const scores = [...new Set(rows.map(({ score }) => score))].sort((one, other) => one - other)
  const lines = [...Map.groupBy(rows, ({ system }) => system)]
    .sort(([one], [other]) => one - other)
    .map(([system, own]) => ({
      ...(model.systems[system]!.reference ? { kind: 'reference' } : {}),
      cells: [
        systemHtml(model, system),
        ...scores.map((score) => {
          const found = own.find((row) => row.score === score)
          return found
            ? ([estimateHtml(found, found.high <= 1 && found.low >= 0), found.mean] as const)
            : (['–', Number.NaN] as const)
        }),
      ],
    }))
  const columns = [{ name: 'System' }, ...scores.map((score) => ({ name: model.scores[score]!, number: true }))]
  return tableHtml(ranking ? 'Recall and all-gold at k' : 'Other scores', columns, lines)
}

/** Evidence of a system: how many pieces there were, where they were lost, and how many came through. */
export function ledgerOfRows(
  model: Model,
  rows: readonly GroupRow[],
): { evidence: number; used: number; lost: number[] } {
  const total = { evidence: 0, used: 0, lost: model.losses.map(() => 0) }
  for (const { evidence, used, lost } of rows) {
    total.evidence += evidence
    total.used += used
    if (lost !== 0) for (const [at, count] of lost.entries()) total.lost[at] = total.lost[at]! + count
  }
  return total
}

export function ledgerHtml(model: Model, choice: Choice): string {
  const bySystem = Map.groupBy(chosenRows(model, choice), ({ system }) => system)
  const ledgers = [...bySystem]
    .map(([system, rows]) => ({ system, ...ledgerOfRows(model, rows) }))
    .filter(({ evidence }) => evidence > 0)
    .sort((one, other) => other.used / other.evidence - one.used / one.evidence)
  if (ledgers.length === 0) return nothingHtml()
  const end = model.readers[choice.reader]!.name === 'none' ? 'handed on' : 'used'
  const stages = model.losses.flatMap((name, at) => (ledgers.some(({ lost }) => lost[at]! > 0) ? [{ name, at }] : []))
  const rows = ledgers.map(({ system, evidence, used, lost }) => {
    const cell = (count: number) =>
      [
        `<b>${scoreText(count / evidence, true)}</b> <small>${count.toLocaleString('en')}</small>`,
        count / evidence,
      ] as const
    return {
      ...(model.systems[system]!.reference ? { kind: 'reference' } : {}),
      cells: [
        systemHtml(model, system),
        [evidence.toLocaleString('en'), evidence] as const,
        ...stages.map(({ at }) => cell(lost[at]!)),
        cell(used),
      ],
    }
  })
  const columns = [
    { name: 'System' },
    ...['evidence', ...stages.map((stage) => (stage.name === 'unused' ? 'unused' : `lost at ${stage.name}`)), end].map(
      (name) => ({
        name,
        number: true,
      }),
    ),
  ]
  return tableHtml('Evidence, where it was lost, and what came through (percent and pieces)', columns, rows)
}

/** What one question costs, on average. */
export function costOf(rows: readonly GroupRow[]): { tokens: number; calls: number; dollars: number; seconds: number } {
  let [results, tokens, calls, dollars, priced, milliseconds] = [0, 0, 0, 0, 0, 0]
  for (const row of rows) {
    results += row.results
    tokens += row.tokens
    calls += row.calls
    dollars += row.dollars
    priced += row.priced
    milliseconds += row.milliseconds
  }
  return {
    tokens: tokens / results,
    calls: calls / results,
    dollars: priced === 0 ? Number.NaN : dollars / priced,
    seconds: milliseconds / 1000 / results,
  }
}

export function costHtml(model: Model, choice: Choice): string {
  const bySystem = Map.groupBy(chosenRows(model, choice), ({ system }) => system)
  const lines = [...bySystem].flatMap(([system, rows]) => {
    const score = meanOverCells(rows)
    return score ? [{ system, score, cost: costOf(rows) }] : []
  })
  if (lines.length === 0) return nothingHtml()
  lines.sort((one, other) => other.score.mean - one.score.mean)
  const rows = lines.map(({ system, score, cost }) => ({
    ...(model.systems[system]!.reference ? { kind: 'reference' } : {}),
    cells: [
      systemHtml(model, system),
      [estimateHtml(score, model.share), score.mean] as const,
      ...[cost.tokens, cost.calls, cost.dollars, cost.seconds].map((value) => [amountText(value), value] as const),
    ],
  }))
  const names = ['Score', 'Tokens handed on', 'Calls', 'US dollars', 'Seconds']
  const columns = [{ name: 'System' }, ...names.map((name) => ({ name, number: true }))]
  return tableHtml('Score and what one question costs', columns, rows)
}

export function splitHtml(model: Model, choice: Choice, tag: number): string {
  const rows = model.splits.filter(
    (row) =>
      row.task === choice.task && row.tag === tag && row.budget === choice.budget && row.reader === choice.reader,
  )
  if (rows.length === 0) return nothingHtml()
  const values = [...new Map(rows.map(({ order, value }) => [order, value]))].sort(([one], [other]) => one - other)
  const lines = [...Map.groupBy(rows, ({ system }) => system)]
    .sort(([one], [other]) => one - other)
    .map(([system, own]) => ({
      ...(model.systems[system]!.reference ? { kind: 'reference' } : {}),
      cells: [
        systemHtml(model, system),
        ...values.map(([order]) => {
          const found = own.find((row) => row.order === order)
          return found
            ? ([`${estimateHtml(found, model.share)} <small>n ${found.count}</small>`, found.mean] as const)
            : (['–', Number.NaN] as const)
        }),
      ],
    }))
  const columns = [{ name: 'System' }, ...values.map(([, value]) => ({ name: value, number: true }))]
  return tableHtml(`${model.tasks[choice.task]} by ${model.tags[tag]}`, columns, lines)
}

export function seedsHtml(model: Model, choice: Choice): string {
  const rows = model.seeds.filter(({ budget, reader }) => budget === choice.budget && reader === choice.reader)
  const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((one, other) => one - other)
  if (seeds.length < 2) return nothingHtml()
  const lines = [...Map.groupBy(rows, ({ system }) => system)]
    .sort(([one], [other]) => one - other)
    .map(([system, own]) => {
      const means = own.map(({ mean }) => mean)
      const spread = Math.max(...means) - Math.min(...means)
      return {
        ...(model.systems[system]!.reference ? { kind: 'reference' } : {}),
        cells: [
          systemHtml(model, system),
          ...seeds.map((seed) => {
            const mean = own.find((row) => row.seed === seed)?.mean ?? Number.NaN
            return [scoreText(mean, model.share), mean] as const
          }),
          [scoreText(spread, model.share), spread] as const,
        ],
      }
    })
  const columns = [
    { name: 'System' },
    ...seeds.map((seed) => ({ name: `seed ${seed}`, number: true })),
    { name: 'Largest difference', number: true },
  ]
  return tableHtml('Mean over all cells, seed by seed', columns, lines)
}
