import type { TaskMeta } from '../contract.ts'
import { around, chosen, type Draw, drawing, type Frame, wholeNumber } from '../generators/draw.ts'
import { type Language, languages } from '../generators/full-names.ts'
import { familyOf, traceOf } from '../generators/kinship.ts'
import { type Needle, NeedlePlacer } from '../generators/needles.ts'
import { distinct, wordPair } from '../generators/words.ts'
import { pick, shuffled } from '../random.ts'

export const meta = {
  name: 'needlebench-multi',
  summary: 'One needle, several needles, and several to be joined, at exact depths in prose.',
  paper: 'Li et al. 2024, NeedleBench, arXiv 2407.11963',
  options: { kind: 'all', needles: 5, language: 'en' },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

const kinds = ['multi-retrieval', 'multi-reasoning', 'single-retrieval'] as const
/** What each kind counts for in the paper's overall score. */
const weights = { 'single-retrieval': 0.4, 'multi-retrieval': 0.3, 'multi-reasoning': 0.3 } as const

interface Words {
  readonly place: (random: () => number) => string
  readonly thing: (random: () => number) => string
  readonly tell: (place: string, thing: string) => string
  readonly instruction: string
  readonly ask: (places: readonly string[]) => string
  readonly cue: string
}
const capital = (pair: string): string =>
  pair.replace(/(^|-)(\w)/g, (_, gap, letter) => (gap ? ' ' : '') + letter.toUpperCase())
const [before, middle, after] = ['青白黑金银赤紫玉石云', '松竹梅兰龙虎凤鹤雁鹿', '山谷岛湖城村寺桥洞关']
const things = ['罗盘', '宝剑', '古琴', '铜镜', '书卷', '灯笼', '棋盘', '玉佩', '茶壶', '风筝', '面具', '印章']
const kindsOfThing = ['会唱歌的', '发光的', '失传的', '透明的', '会飞的', '永不熄灭的', '刻满星星的', '冰做的']

const words: Readonly<Record<Language, Words>> = {
  en: {
    place: (random) => capital(wordPair(random)),
    thing: (random) => wordPair(random),
    tell: (place, thing) => `Whoever digs under ${place} will find the ${thing}.`,
    instruction: 'Somewhere in the text below it is told what can be found in some places. Keep it in mind.',
    ask: (places) => `What will whoever digs find under ${places.join(', ')}?`,
    cue: 'They will find',
  },
  zh: {
    place: (random) => `${pick([...before], random)}${pick([...middle], random)}${pick([...after], random)}`,
    thing: (random) => `${pick(kindsOfThing, random)}${pick(things, random)}`,
    tell: (place, thing) => `${place}的地下埋着${thing}。`,
    instruction: '下面的文字里有几句话说明某些地方的地下埋着什么，请记住。',
    ask: (places) => `${places.join('、')}的地下分别埋着什么？`,
    cue: '埋着的是',
  },
}

interface Made {
  readonly texts: readonly string[]
  readonly frame: Frame
  readonly answers: readonly (readonly string[])[]
  readonly needs?: readonly (readonly number[])[]
  solve?(seen: readonly boolean[]): string
}

function retrieval(count: number, language: Language, random: () => number): Made {
  const { place, thing, tell, instruction, ask, cue } = words[language]
  const [places, found] = [distinct(count, () => place(random)), distinct(count, () => thing(random))]
  return {
    texts: places.map((name, at) => tell(name, found[at]!)),
    frame: { instruction, question: ask(places), cue },
    answers: found.map((name) => [name]),
    needs: found.map((_, at) => [at]),
  }
}

/** As in the second version of NeedleBench, what is to be joined is made-up kinship. */
function reasoning(count: number, language: Language, random: () => number): Made {
  const family = familyOf(random, language)
  const people = Array.from({ length: count }, (_, number) => family.person(number))
  const { frame, answer, solve } = traceOf('eldest', family, people, 1, language)
  return {
    texts: people.map((person, number) => family.fact(number, person, people[number - 1])),
    frame,
    answers: [[answer]],
    solve,
  }
}

/**
 * The first needle stands at the depth of the sample and the others evenly from there to the end; those to be joined in no
 * order. Their number goes from two to `needles` where they are joined.
 */
export default drawing(meta.name, (request) => {
  const { options, haystack } = request
  const most = wholeNumber(options, 'needles', 2)
  const placer = new NeedlePlacer(request)
  return async ({ id, index, random, depth }: Draw) => {
    const kind = chosen(options, 'kind', kinds, index)
    const language = chosen(options, 'language', languages, Math.floor(index / kinds.length))
    const joined = kind === 'multi-reasoning'
    const count = kind === 'single-retrieval' ? 1 : joined ? 2 + (Math.floor(index / kinds.length) % (most - 1)) : most
    const { texts, frame, ...gold } = (joined ? reasoning : retrieval)(count, language, random)
    const where = texts.map((_, at) => depth + ((1 - depth) * at) / count)
    const order = joined ? shuffled([...texts.keys()], random) : [...texts.keys()]
    const needles = texts.map((text, at): Needle => ({ text, depth: where[order[at]!]! }))
    const offset = Math.floor(random() * haystack.sentences.length)
    const { corpus, spans, tokens } = await placer.hide(id, needles, around(frame), offset)
    return {
      ...frame,
      ...gold,
      id,
      cell: `${meta.name}, ${kind}`,
      corpus,
      evidence: spans,
      tags: { length: request.length, depth, kind, needles: count, language, weight: weights[kind] },
      tokens,
    }
  }
})
