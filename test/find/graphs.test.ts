import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeSource, type Passage, passageText, passageViolations, split } from '../../src/core/index.ts'
import { mentionsOf } from '../../src/find/graphs/entities.ts'
import { explore, factText, type Guide } from '../../src/find/graphs/explore.ts'
import { modelFacts, ruleFacts } from '../../src/find/graphs/facts.ts'
import { graphOf } from '../../src/find/graphs/graph.ts'
import { propagate } from '../../src/find/graphs/records.ts'
import { retriever } from '../../src/find/index.ts'
import { rougeWords, shared } from '../../src/measure/rouge.ts'
import words from '../../src/store/analyzers/words.ts'
import type { Searchable } from '../../src/store/index.ts'
import { memoryStore, scriptedModel } from '../../src/testing/index.ts'

const analyzer = await words()
async function storeOf(
  texts: Record<string, string>,
  size = 40,
): Promise<{ store: Searchable; textOf: (id: string) => string | undefined }> {
  const items = await Promise.all(
    Object.entries(texts).map(async ([uri, text]) => {
      const source = await makeSource({ uri, text, mediaType: 'text/plain' })
      return { source, chunks: split(source, { size }) }
    }),
  )
  const byId = new Map(items.map(({ source }) => [source.id, source.text]))
  return { store: await memoryStore(items, analyzer), textOf: (id) => byId.get(id) }
}

test('names, short forms, acronyms and pronouns are told apart and stand where they are said', () => {
  const text =
    'In 1911 Dr. Marie Curie won the prize. She had married Pierre in Paris. Curie worked at the University of Paris. The World Health Organization (WHO) praised her. Later the WHO moved. Snow fell, and snow stayed.'
  const mentions = mentionsOf(text, analyzer)
  const said = mentions.map(({ name, start, end }) => [text.slice(start, end), name])
  const has = (words: string, name: string): void =>
    assert.ok(
      said.some(([own, full]) => own === words && full === name),
      `${words} as ${name} in ${JSON.stringify(said)}`,
    )
  has('Marie Curie', 'Marie Curie')
  has('She', 'Marie Curie')
  has('Curie', 'Marie Curie')
  has('University of Paris', 'University of Paris')
  has('WHO', 'World Health Organization')
  assert.ok(!said.some(([own]) => own === 'Snow' || own === 'In'))
})

const town = {
  'a.txt': 'Harald Lund founded the Skarven Line. He was born in Vardal. The Skarven Line runs three ships.',
  'b.txt': 'Vardal lies on the Bremnes Fjord. Its church burned in 1802.',
  'c.txt': 'The Bremnes Fjord was surveyed by Ingrid Moe. She later led the Polar Office.',
  'd.txt': 'Harald Lund collected stamps with Otto Berg. Otto Berg never travelled.',
}

test('facts by rule stand in sentences that say them; pronouns across passages are resolved', async () => {
  const { store, textOf } = await storeOf(town, 12)
  const graph = await graphOf(store, ruleFacts(analyzer))
  for (const { span, passage, subject, object } of graph.facts) {
    assert.deepEqual(passageViolations({ spans: [span], score: 0, trail: [] }, textOf), [])
    const own = graph.passages[passage]!.spans.at(-1)!
    assert.ok(own.source === span.source && own.start <= span.start && span.end <= own.end)
    assert.notEqual(subject, object)
  }
  const facts = graph.facts.map((_, number) => factText(graph, number))
  assert.ok(
    facts.some((fact) => /^Harald Lund - was born in -> Vardal$/.test(fact)),
    facts.join('\n'),
  )
  assert.deepEqual(
    graph.named("Where did Lund's founder of the Skarven Line live?").map((at) => graph.entities[at]!.name),
    ['Harald Lund', 'Skarven Line'],
  )
})

test('a scripted exploration reaches the answer over three facts, goes back from dead ends, and gives the path with its spans', async () => {
  const { store, textOf } = await storeOf(town)
  const graph = await graphOf(store, ruleFacts(analyzer))
  // It likes the stamp collector best, who leads nowhere.
  const guide: Guide = async (_query, _path, candidates) => ({
    scores: candidates.map((text) => (/Otto/.test(text) ? 0.9 : /Vardal|Bremnes|Ingrid/.test(text) ? 0.6 : 0)),
    done: candidates.flatMap((text, at) => (/Ingrid Moe/.test(text) ? [at] : [])),
  })
  const made = await explore(graph, 'Who surveyed the waters of the town where Harald Lund was born?', guide, () => 0, {
    beam: 1,
  })
  assert.ok(made.paths[0]!.done)
  const names = made.paths[0]!.entities.map((at) => graph.entities[at]!.name)
  assert.deepEqual(names, ['Harald Lund', 'Vardal', 'Bremnes Fjord', 'Ingrid Moe'])
  assert.ok(made.deadEnds.some(({ entities }) => graph.entities[entities.at(-1)!]!.name === 'Otto Berg'))
  const tight = await explore(graph, 'Harald Lund', guide, () => 0, { beam: 1, calls: 2 })
  assert.ok(tight.calls <= 2 && !tight.paths.some(({ done }) => done))

  const model = scriptedModel(({ prompt }) => {
    const lines = [...prompt.matchAll(/^\[(\d+)\] (.*)$/gm)]
    const scores = lines.map(
      ([, number, text]) => `${number}: ${/Otto/.test(text!) ? 90 : /Vardal|Bremnes|Ingrid/.test(text!) ? 60 : 0}`,
    )
    const done = lines.filter(([, , text]) => /Ingrid Moe/.test(text!)).map(([, number]) => `DONE ${number}`)
    return [...scores, ...done].join('\n')
  })
  const asked = await retriever('exploration', { store, inner: [], model }, { give: 'paths', beam: 1 })
  const question = 'Who surveyed the waters of the town where Harald Lund was born?'
  const [best] = await asked.retrieve({ text: question, limit: 5 })
  assert.deepEqual(passageViolations(best!, textOf), [])
  assert.deepEqual(await Promise.all(best!.spans.map((span) => store.texts.slice(span))), [
    'He was born in Vardal.',
    'Vardal lies on the Bremnes Fjord.',
    'The Bremnes Fjord was surveyed by Ingrid Moe.',
  ])
  assert.ok(model.seen.every(({ intent }) => intent === 'plan'))
  const passages = await (await retriever('exploration', { store, inner: [], model })).retrieve({
    text: question,
    limit: 5,
  })
  assert.equal(
    (await Promise.all(passages.slice(0, 3).map((passage) => passageText(passage, store.texts)))).filter((text) =>
      /born in|lies on|surveyed/.test(text),
    ).length,
    3,
  )
})

test("a model's facts keep only what the passage says: quotes are found word for word, others are left out", async () => {
  const { store, textOf } = await storeOf({
    'a.txt': 'Harald Lund founded the\nSkarven Line in 1901. Then in 1905 Harald Lund sold the Skarven Line.',
  })
  const model = scriptedModel(() =>
    [
      'Harald Lund | founded | Skarven Line | founded the Skarven Line',
      'Harald Lund | sold | Skarven Line | words that are not there',
      'Harald Lund | owned | the Moon | he owned the Moon',
      'nonsense',
    ].join('\n'),
  )
  const graph = await graphOf(store, modelFacts(model))
  const slices = graph.facts.map(({ span }) => textOf(span.source)!.slice(span.start, span.end))
  assert.deepEqual(slices, ['founded the\nSkarven Line', 'Then in 1905 Harald Lund sold the Skarven Line.'])
  assert.deepEqual(
    model.seen.map(({ intent }) => intent),
    ['extract'],
  )
})

test('scores pass along links and stay between the least and the most', () => {
  const scores = Float64Array.of(1, 0, 0, 0.5)
  const passed = propagate(scores, [[1], [0, 2], [1], []], 0.5, 2)
  assert.deepEqual([...passed], [0.5 + 0.5 * 0.25, 0.5 * ((0.5 + 0) / 2), 0.5 * 0.25, 0.5])
  assert.deepEqual([...propagate(scores, [[1], [0, 2], [1], []], 0, 5)], [...scores])
})

/** A town's chronicle: what a summary must say is spread over years, in words that the question does not use. */
const years = Array.from({ length: 12 }, (_, at) => 1900 + at)
const chronicle = {
  'chronicle.txt': years
    .map((year, at) =>
      [
        `In ${year} the council met in the old hall and counted the barrels of salt.`,
        at % 3 === 0
          ? `The quay was lengthened by ${10 + at} metres for larger steamers.`
          : `Rain spoiled hay of ${20 + at} farms.`,
        at % 3 === 1
          ? `A second crane was bought from Bergen and stood at the pier in ${year}.`
          : `The choir sang in ${year} at the fair.`,
        at % 3 === 2 ? 'The harbour clock was wound each week.' : 'The smith was paid in coal.',
      ].join(' '),
    )
    .join('\n\n'),
}

test('a graph of records: answers come from simulated questions with their evidence, lift what they rest on, and sum up better than chunks alone', async () => {
  const { store, textOf } = await storeOf(chronicle, 60)
  const inner = [await retriever('keyword', { store, inner: [] })]
  const model = scriptedModel(({ intent, prompt }) => {
    if (intent === 'plan')
      return /quay|crane/.test(prompt)
        ? 'How did the harbour grow: quay and crane?'
        : 'What did the choir and the farms do?'
    // It says what the numbered texts hold of quay and crane, and names them.
    const lines = [...prompt.matchAll(/^\[(\d+)\] ([^[]*)/gm)].flatMap(([, number, text]) =>
      (text!.match(/[^.]*(?:quay was lengthened|crane was bought)[^.]*\./g) ?? [])
        .slice(0, 1)
        .map((line) => `${line.trim()} [${number}]`),
    )
    return lines.slice(0, 3).join(' ') || 'The choir sang and farms lost hay. [1]'
  })
  const records = await retriever('graph-of-records', { store, inner, model }, { simulated: 8 })
  const alone = await retriever('graph-of-records', { store, inner }, { simulated: 0, share: 0 })
  const query = { text: 'How did the growing harbour change?', limit: 12 }
  const found = await records.retrieve(query)
  const told = found.filter(({ derived }) => derived)
  assert.ok(told.length > 0)
  for (const passage of found) assert.deepEqual(passageViolations(passage, textOf), [])
  for (const { derived, spans } of told)
    for (const sentence of derived!.match(/[^.]+\./g)!) {
      const evidence = (await Promise.all(spans.map((span) => store.texts.slice(span)))).join(' ')
      if (/quay|crane/.test(sentence)) assert.ok(evidence.includes(sentence.trim()), sentence)
    }
  const reference = years
    .flatMap((year, at) =>
      at % 3 === 0
        ? [`The quay was lengthened by ${10 + at} metres for larger steamers.`]
        : at % 3 === 1
          ? [`A second crane was bought from Bergen and stood at the pier in ${year}.`]
          : [],
    )
    .join(' ')
  /** ROUGE-1 and ROUGE-2 of the first 90 words that come back. */
  const rouge = async (passages: readonly Passage[]): Promise<[number, number]> => {
    const texts = await Promise.all(passages.map((passage) => passageText(passage, store.texts)))
    const heard = rougeWords(texts.join(' ').split(/\s+/).slice(0, 90).join(' '))
    return [shared(1, heard, rougeWords(reference)), shared(2, heard, rougeWords(reference))]
  }
  const [withRecords, chunks] = [await rouge(found), await rouge(await alone.retrieve(query))]
  assert.ok(withRecords[0] > chunks[0] + 0.05 && withRecords[1] > chunks[1] + 0.05, `${withRecords} against ${chunks}`)
  assert.ok(model.seen.every(({ intent }) => intent === 'plan' || intent === 'answer'))

  // Without a model the answers are sentences of the text, word for word.
  const plain = await (await retriever('graph-of-records', { store, inner }, { simulated: 8 })).retrieve({
    ...query,
    limit: 50,
  })
  const answers = plain.filter(({ trail }) => trail.length > 1)
  assert.ok(answers.length > 0 && plain.every(({ derived }) => derived === undefined))
  for (const { spans } of answers) for (const span of spans) assert.match(await store.texts.slice(span), /^[A-Z].*\.$/s)

  // A past answer lifts a passage that shares no word with the question.
  const text = textOf((await store.sources()[Symbol.asyncIterator]().next()).value!.id)!
  const start = text.lastIndexOf('A second crane was bought')
  const span = { source: found[0]!.spans[0].source, start, end: start + 60 }
  const past = [{ question: 'What machinery did the port get?', answer: 'It got cranes from Bergen.', spans: [span] }]
  const query2 = { text: 'machinery of the port', limit: 3 }
  const holds = (passages: readonly Passage[]): boolean =>
    passages.some(
      ({ derived, spans }) => !derived && spans.some(({ start: from, end }) => from <= start && start < end),
    )
  assert.ok(
    holds(await (await retriever('graph-of-records', { store, inner }, { past, simulated: 0 })).retrieve(query2)),
  )
  assert.ok(!holds(await alone.retrieve(query2)))
})
