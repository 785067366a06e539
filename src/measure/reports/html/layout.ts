import { amountText, rangeText, scoreText } from '../../aggregates/text.ts'
import { headerHtml } from './facts.ts'
import { leaderboard, modelOf } from './model.ts'
import { costHtml, leaderboardHtml, ledgerHtml, scoresHtml, seedsHtml } from './tables.ts'
import { choiceHtml, escapeText, tableHtml } from './text.ts'
import type { Model, PageData, PageFacts } from './types.ts'

interface Section {
  readonly id: string
  readonly title: string
  /** How to read it. */
  readonly how: string
  /** What of the choice it follows. */
  readonly follows: string
  readonly body: string
  /** Why it may be left out. */
  readonly needs: string
  readonly there: boolean
}

const box = (name: string, narrow: number, wide = narrow): string =>
  `<figure class="chart" data-chart="${name}" style="--narrow:${narrow}px;--wide:${wide}px"></figure>`
const small = (name: string, least = 300): string =>
  `<div class="grid" data-chart="${name}" style="--least:${least}px"></div>`
const table = (name: string, html: string): string => `<div data-table="${name}">${html}</div>`
const folded = (summary: string, inner: string): string => `<details><summary>${summary}</summary>${inner}</details>`
const option = (value: string | number, text: string): string => `<option value="${value}">${escapeText(text)}</option>`
const local = (name: string, label: string, options: string): string =>
  `<label class="local">${label} <select data-local="${name}">${options}</select></label>`

function sectionsOf(model: Model, facts: PageFacts): Section[] {
  const { first } = model
  const lengths = new Set(model.groups.map(({ length }) => length).filter(Boolean))
  const several = model.readers.length > 1 || model.budgets.length > 1
  const compare = [option('systems', 'systems')]
  for (const [kind, names] of [
    ['readers', model.readers],
    ['budgets', model.budgets],
  ] as const)
    if (names.length > 1)
      for (const [system, { name }] of model.systems.entries())
        compare.push(option(`${kind} ${system}`, `${kind} of ${name}`))
  const { lines } = leaderboard(model, first)
  const splits = [...new Set(model.splits.map(({ task, tag }) => `${task} ${tag}`))]
  const splitOptions = splits.map((value) => {
    const [task, tag] = value.split(' ').map(Number)
    return option(value, `${model.tasks[task!]}: ${model.tags[tag!]}`)
  })
  const samples = model.samples.map(({ task, cell, question }, at) =>
    option(
      at,
      `${cell === task ? '' : `${task} · `}${cell}: ${question.length > 90 ? `${question.slice(0, 88)}…` : question}`,
    ),
  )
  return [
    {
      id: 'leaderboard',
      title: 'Leaderboard',
      how: 'Dots are means of the main score over all cells, each cell counting the same; bars are 95% intervals. Reference lines show what a figure is worth: the head of the text, random sentences, plain BM25, and the oracle, which is told the evidence.',
      follows: 'task budget reader',
      body: `${box('ranks', lines.length * 40 + 40, lines.length * 26 + 40)}${table('leaderboard', leaderboardHtml(model, first))}<p class="note">“Not told apart” means that the interval of the paired difference to the best system holds zero, or that fewer than six samples are shared: then neither is shown to be better. In a cell’s column the best system is bold on a ground of colour, and those not told apart from it have the ground alone. Click a heading to sort.</p>`,
      needs: 'any result',
      there: true,
    },
    {
      id: 'length',
      title: 'Score over length',
      how: 'From left to right the text grows. A line that stays level does not mind; one that falls loses what it is asked for in long texts. Bands are 95% intervals.',
      follows: 'task budget reader',
      body: `${several ? local('compare', 'Compare', compare.join('')) : ''}<div id="compared" class="chips"></div>${box('lengths', 280, 360)}${model.cells.length > 1 ? folded('Cell by cell', small('lengths-by-cell')) : ''}`,
      needs: 'two lengths',
      there: lengths.size > 1,
    },
    {
      id: 'budget',
      title: 'Score over budget',
      how: 'From left to right a system may hand on more of the text. Where a line is flat, more text buys nothing. Systems that hand on the whole text do not follow the budget.',
      follows: 'task reader',
      body: box('budgets', 270, 320),
      needs: 'two budgets',
      there: model.budgets.length > 1,
    },
    {
      id: 'depth',
      title: 'Score by depth and length',
      how: 'Columns are lengths of the text; rows say where in it the evidence stands, from its start at the top to its end. Dark is low, bright is high; the number is the score in percent. A dark belt in the middle is evidence lost in the middle.',
      follows: 'task budget reader',
      body: `<div class="ramp" aria-hidden="true"><span>0</span><i></i><span>100</span></div>${small('depths', 40 + 30 * Math.max(3, new Set(model.depths.map(({ length }) => length)).size))}`,
      needs: 'a tag "depth"',
      there: model.depths.length > 0,
    },
    {
      id: 'ranking',
      title: 'Ranking',
      how: 'recall@k is the share of the gold passages among the first k; all-gold@k says how often all of them are there, which is what questions over several facts need. Systems that rank nothing are not in it.',
      follows: 'task budget reader',
      body: `<div class="pair"><div><h3>recall@k</h3>${box('recall', 230)}</div><div><h3>all-gold@k</h3>${box('all-gold', 230)}</div></div>${table('ranking', scoresHtml(model, first, true))}`,
      needs: 'scores of rankings',
      there: model.scores.some((name) => /^(recall|all-gold)@\d+$/.test(name)),
    },
    {
      id: 'losses',
      title: 'Where evidence is lost',
      how: 'All evidence enters on the left. Each step may lose some: reading finds it nowhere in the text, splitting cuts it in two, retrieval ranks it too low, compressing or packing leaves it out, the reader’s window cuts it off, or the answer does not use it. What is left at the right came through. Steps that lost nothing are left out.',
      follows: 'task budget reader',
      body: `${small('flows')}${table('ledger', ledgerHtml(model, first))}`,
      needs: 'marked evidence',
      there: model.groups.some(({ evidence }) => evidence > 0),
    },
    {
      id: 'cost',
      title: 'Cost against score',
      how: 'Up is better, left is cheaper; a line joins the budgets of one system. The scale below is logarithmic. Seconds are those of this machine, and of a program where the reader is simulated.',
      follows: 'task budget reader',
      body: `${local('cost', 'Cost in', ['tokens', 'calls', 'dollars', 'seconds'].map((name) => option(name, name)).join(''))}${box('costs', 360)}${table('cost', costHtml(model, first))}`,
      needs: 'any result',
      there: model.groups.length > 0,
    },
    {
      id: 'tags',
      title: 'Splits by tag',
      how: 'The same score over the samples that share a tag. Few samples make wide bars: n is their number.',
      follows: 'budget reader',
      body: `${local('split', 'Tag', splitOptions.join(''))}${box('splits', 500)}<div id="split-table"></div>`,
      needs: 'tags that differ',
      there: splits.length > 0,
    },
    {
      id: 'scores',
      title: 'Other scores',
      how: 'Every score that was taken, as a mean over cells. Those of what was kept tell what a perfect reader could still find.',
      follows: 'task budget reader',
      body: table('scores', scoresHtml(model, first, false)),
      needs: 'any score',
      there: model.scores.some((name) => !/^(recall|all-gold)@\d+$/.test(name)),
    },
    {
      id: 'seeds',
      title: 'Seed by seed',
      how: 'The same means for each seed alone. A difference between systems that is smaller than the one between seeds says little.',
      follows: 'budget reader',
      body: table('seeds', seedsHtml(model, first)),
      needs: 'two seeds',
      there: model.seeds.length > 0,
    },
    {
      id: 'analyses',
      title: 'Analyses',
      how: 'What follows from many results together, a table each.',
      follows: '',
      body: facts.analyses.map(analysisHtml).join(''),
      needs: 'results of the kind that an analysis looks at',
      there: facts.analyses.length > 0,
    },
    {
      id: 'samples',
      title: 'Samples',
      how: 'One question, and what a system made of it. Kept text has a ground of colour; evidence is underlined; evidence that was lost is framed. In the text, n and p go to the next and the previous piece of evidence. Of a long text only what lies around evidence and kept text is shown.',
      follows: '',
      body: `<div class="choose"><label>Sample <select id="choose-sample">${samples.join('')}</select></label><label>Done by <select id="choose-view"></select></label></div><p class="key"><mark class="kept">kept</mark> <mark class="kept evidence">evidence, kept</mark> <mark class="evidence lost">evidence, lost</mark></p><div id="sample"></div>`,
      needs: 'samples kept to be looked at ("views" in the spec)',
      there: model.samples.length > 0,
    },
  ]
}

/** Rows of an analysis that the page shows. */
const mostRows = 100

function analysisHtml({ name, table: found }: PageFacts['analyses'][number]): string {
  const { title, columns, rows, note } = found
  const numeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => typeof row[at] === 'number'))
  const body = rows.slice(0, mostRows).map((row) => ({
    cells: row.map((value, at) => {
      if (typeof value === 'string') return escapeText(value)
      const text = Number.isInteger(value) ? value.toLocaleString('en') : amountText(value)
      return numeric[at] ? ([text, value] as const) : text
    }),
  }))
  const head = columns.map((column, at) => ({ name: column, number: numeric[at]! }))
  const count = rows.length === 1 ? '1 row' : `${rows.length.toLocaleString('en')} rows`
  const cut =
    rows.length > mostRows ? `<p class="note">These are the first ${mostRows}; the JSON report has all.</p>` : ''
  const how = note ? `<p class="how">${escapeText(note)}</p>` : ''
  return `<details id="analysis-${escapeText(name)}"><summary><b>${escapeText(title)}</b> <small>${count}</small></summary>${how}${tableHtml(title, head, body)}${cut}</details>`
}

function toolbarHtml(model: Model): string {
  const select = (name: string, label: string, options: readonly string[], all?: string): string => {
    const list = options.map((text, at) => option(at, text)).join('')
    const value = model.first[name as keyof Model['first']]
    const chosen = `${all ? option(-1, all) : ''}${list}`.replace(`value="${value}"`, `value="${value}" selected`)
    return `<label>${label} <select id="choose-${name}">${chosen}</select></label>`
  }
  const readers = model.readers.map(({ name, origin }) =>
    origin === 'model' || name === 'none' ? name : `${name} (${origin})`,
  )
  const chips = model.systems.map(
    ({ name, reference }, at) =>
      `<button type="button" class="chip${reference ? ' reference' : ''}" data-toggle="${at}" aria-pressed="true"><span class="swatch" data-system="${at}"></span> ${escapeText(name)}</button>`,
  )
  return `<div class="toolbar" role="group" aria-label="What is shown"><div class="selects">${select('task', 'Task', model.tasks, model.tasks.length === 1 ? undefined : 'all')}${select('budget', 'Budget', model.budgets)}${select('reader', 'Reader', readers)}</div><div id="legend" class="chips" role="group" aria-label="Systems that are drawn">${chips.join('')}</div></div>`
}

/** The body of the page without its scripts: tables are there before any script runs. */
export function bodyHtml(data: PageData, facts: PageFacts): string {
  const model = modelOf(data)
  const sections = sectionsOf(model, facts)
  const there = sections.filter(({ there: is }) => is)
  const missing = sections.filter(({ there: is }) => !is)
  const links = there.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join('')
  const parts = there.map(({ id, title, how, follows, body }) => {
    const choice = follows
      ? `<p class="choice" data-choice="${follows}">${choiceHtml(model, model.first, follows)}</p>`
      : ''
    return `<section id="${id}"><h2>${title}</h2>${choice}<p class="how">${how}</p>${body}</section>`
  })
  const left = missing.map(({ title, needs }) => `${title} (needs ${needs})`).join('; ')
  return `<a class="skip" href="#leaderboard">Skip to the leaderboard</a><main>${headerHtml(facts, bestSentence(model))}<nav aria-label="Sections">${links}</nav>${toolbarHtml(model)}<noscript><p class="note">Drawings and choices need JavaScript; the tables below show the first choice.</p></noscript>${parts.join('')}${left ? `<p class="note">Left out, for want of data: ${escapeText(left)}.</p>` : ''}</main>`
}

/** The upshot in a sentence, with its doubts. */
function bestSentence(model: Model): string {
  const standing = model.standings.find(
    ({ task, cell, budget, reader }) =>
      task === -1 && cell === -1 && budget === model.first.budget && reader === model.first.reader,
  )
  const line = leaderboard(model, model.first).lines.find(({ system }) => system === standing?.best)
  if (!standing || !line) return ''
  const name = (system: number): string => `<b>${escapeText(model.systems[system]!.name)}</b>`
  const tied = standing.others.filter((other) => other[5] !== 1).map(([system]) => name(system!))
  const doubt =
    tied.length === 0 ? 'every other line is told apart from it' : `not told apart from it: ${tied.join(', ')}`
  return `<p class="upshot">Best of the systems: ${name(standing.best)} with ${scoreText(line.overall.mean, model.share)} (${rangeText(line.overall.low, line.overall.high, model.share)}); ${doubt}. <span class="choice" data-first>${choiceHtml(model, model.first, 'task budget reader')}</span></p>`
}
