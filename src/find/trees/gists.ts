import { type Passage, passageText, type Span, sentences, type Texts } from '../../core/index.ts'
import { dot, type ModelPort, unit } from '../../model/index.ts'
import { told } from '../passages.ts'
import { joinSpans, type TreeNode } from './tree.ts'

export type Gist = Pick<TreeNode, 'spans' | 'text' | 'derived' | 'verbatim'>
/** Makes what stands for some nodes. */
export type Summarise = (children: readonly TreeNode[], abortSignal?: AbortSignal) => Promise<Gist>
/** Vectors of texts, of length one. */
export type Vectorise = (texts: readonly string[], abortSignal?: AbortSignal) => Promise<Float32Array[]>

const instruction = `Summarise the numbered texts in a few sentences. Keep names, numbers and dates.
After each sentence write the numbers of the texts that it comes from in square brackets, like [2] or [1][3]. Say nothing that is not in them.`
/** Most characters of one text in a prompt. */
const longest = 4000

/** A model's summary; its evidence are the children that it names, or all of them where it names none. */
export const modelSummary =
  (model: ModelPort, texts: Texts, maxOutputTokens = 300): Summarise =>
  async (children, abortSignal) => {
    const prompt = children.map(({ text }, index) => `[${index + 1}] ${text.slice(0, longest)}`).join('\n\n')
    const { text } = await model.generate({
      intent: 'summarise',
      system: instruction,
      prompt,
      maxOutputTokens,
      temperature: 0,
      ...(abortSignal ? { abortSignal } : {}),
    })
    const named = new Set([...text.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number) - 1))
    const cited = children.filter((_, index) => named.has(index))
    const derived = text.replace(/\s*\[\d+\]/g, '').trim()
    const spans = joinSpans((cited.length > 0 ? cited : children).flatMap((child) => child.spans))
    if (derived === '') return { spans, text: children.map((child) => child.text.slice(0, 200)).join('\n') }
    const passage = await told(spans, derived, texts, abortSignal)
    return { ...passage, text: derived, verbatim: passage.derived === undefined }
  }

/** The sentences nearest to the centre of all, each unlike those taken before: no model, and word for word from the text. */
export const sentenceSummary =
  (texts: Texts, vectorise: Vectorise, most = 3): Summarise =>
  async (children, abortSignal) => {
    const spans: Span[] = []
    const said: string[] = []
    for (const child of children)
      for (const span of child.spans) {
        const text = await texts.slice(span, abortSignal)
        for (const [start, end] of sentences(text)) {
          const sentence = text.slice(start, end)
          const lead = sentence.length - sentence.trimStart().length
          if (sentence.trim().length < 20 || sentence.length > longest) continue
          spans.push({
            source: span.source,
            start: span.start + start + lead,
            end: span.start + start + sentence.trimEnd().length,
          })
          said.push(sentence.trim())
        }
      }
    if (said.length === 0)
      return {
        spans: joinSpans(children.flatMap((child) => child.spans)),
        text: children.map(({ text }) => text).join('\n'),
      }
    const vectors = await vectorise(said, abortSignal)
    const centre = unit(
      vectors.reduce(
        (sum, vector) => sum.map((value, at) => value + vector[at]!),
        new Float32Array(vectors[0]!.length),
      ),
    )
    const chosen: number[] = []
    const worth = vectors.map((vector) => dot(vector, centre))
    while (chosen.length < Math.min(most, said.length)) {
      const value = (at: number): number =>
        worth[at]! - 0.7 * Math.max(0, ...chosen.map((other) => dot(vectors[at]!, vectors[other]!)))
      let best = -1
      for (const at of said.keys()) if (!chosen.includes(at) && (best === -1 || value(at) > value(best))) best = at
      chosen.push(best)
    }
    const kept = joinSpans(chosen.map((at) => spans[at]!))
    const passage: Passage = { spans: kept, score: 0, trail: [] }
    return { spans: kept, text: await passageText(passage, texts, abortSignal), verbatim: true }
  }
